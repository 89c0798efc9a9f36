/** Tells a process from a later one that was given the same id. */
import { readFile } from 'node:fs/promises';
import type { JobProcess } from './job-folder.ts';

const read = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);

/** Whether this very process still runs; one that ended and was not yet reaped does not. */
export const isAlive = async ({ pid, startTime, bootId }: JobProcess): Promise<boolean> => {
  const boot = (await read('/proc/sys/kernel/random/boot_id'))?.trim();
  if (boot === undefined) return answersSignals(pid);
  if (boot !== bootId) return false;
  const stat = await read(`/proc/${pid}/stat`);
  // The second field is the command in brackets and may hold anything; what follows is fixed.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields !== undefined && fields[0] !== 'Z' && fields[19] === startTime;
};

const answersSignals = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
