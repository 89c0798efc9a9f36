/** Resident memory of this process over time. */
const EVERY_MS = 200;
const MIB = 1024 * 1024;

/** Least MiB in the second and in the last quarter: what is left when garbage was collected. The first is warming up. */
export type Memory = { early: number; late: number };

/** `also` is called with every sample. */
export const watchMemory = (also: () => void) => {
  const samples: number[] = [];
  const note = () => {
    samples.push(process.memoryUsage.rss() / MIB);
    also();
  };
  note();
  const timer = setInterval(note, EVERY_MS).unref();
  return {
    stop: (): Memory => {
      clearInterval(timer);
      note();
      const quarter = samples.length / 4;
      return {
        early: Math.min(...samples.slice(Math.floor(quarter), Math.ceil(2 * quarter))),
        late: Math.min(...samples.slice(Math.floor(3 * quarter))),
      };
    },
  };
};
