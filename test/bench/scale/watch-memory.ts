/** Resident memory of this process over time: flat, where its last quarter is like its second. */
const EVERY_MS = 200;
const MIB = 1024 * 1024;

export const watchMemory = () => {
  const samples: number[] = [];
  const note = () => {
    samples.push(process.memoryUsage.rss() / MIB);
  };
  note();
  const timer = setInterval(note, EVERY_MS).unref();
  return {
    /** Medians in MiB. The first quarter is warming up. */
    stop: (): { early: number; late: number } => {
      clearInterval(timer);
      note();
      const at = (share: number) => Math.floor(share * samples.length);
      return {
        early: median(samples.slice(at(0.25), Math.max(at(0.5), at(0.25) + 1))),
        late: median(samples.slice(at(0.75))),
      };
    },
  };
};

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};
