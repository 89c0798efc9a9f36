/** Resident memory of this process over time, and what of it each problem leaves behind. */
const EVERY_MS = 200;
const MIB = 1024 * 1024;

/**
 * Least MiB in the second quarter and in the last eighth: what is left when garbage was collected. The first quarter is
 * warming up.
 */
export type Memory = { early: number; late: number };

/** `samples`: MiB at even distances, oldest first; at least one. */
export const memoryOf = (samples: readonly number[]): Memory => {
  const part = (from: number, to: number): number =>
    Math.min(...samples.slice(Math.floor(from * samples.length), Math.ceil(to * samples.length)));
  return { early: part(1 / 4, 1 / 2), late: part(7 / 8, 1) };
};

/** Less than a workflow that stays in the cache of a worker for good: 1 MiB. */
const MOST_LEFT_MIB = 0.6;

/** Whether workers hold more at the end than at the start; of `problems` half ended between both. */
export const leaks = ({ early, late }: Memory, problems: number): boolean =>
  late - early >= MOST_LEFT_MIB * (problems / 2);

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
      return memoryOf(samples);
    },
  };
};
