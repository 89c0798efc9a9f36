/**
 * A process is known by its id and its start time, because ids are used again. Read from /proc, so it also
 * holds for processes that another supervisor started.
 */
import { readdir, readFile } from 'node:fs/promises';

export type ProcessIdentity = Readonly<{
  pid: number;
  /** Clock ticks since boot, field 22 of /proc/<pid>/stat. */
  startTime: number;
}>;

type Stat = { state: string; group: number; session: number; startTime: number };

const readStat = async (pid: number | string): Promise<Stat | undefined> => {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // The command's name, field 2, may hold spaces and brackets: fields are counted after its last bracket.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    state: fields[0] ?? '',
    group: Number(fields[2]),
    session: Number(fields[3]),
    startTime: Number(fields[19]),
  };
};

/** A dead process that its parent has not reaped (state Z) does not count as alive. */
const lives = (stat: Stat | undefined): stat is Stat =>
  stat !== undefined && stat.state !== 'Z' && stat.state !== 'X';

/** The identity of a living process, or undefined. */
export const identify = async (pid: number): Promise<ProcessIdentity | undefined> => {
  const stat = await readStat(pid);
  return lives(stat) ? { pid, startTime: stat.startTime } : undefined;
};

export const isAlive = async ({ pid, startTime }: ProcessIdentity): Promise<boolean> =>
  (await identify(pid))?.startTime === startTime;

/** The living ones of `leader` and of the process group that it opened; its children may outlive it. */
export const groupMembers = async (leader: ProcessIdentity): Promise<number[]> => {
  const members: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readStat(entry);
    if (!lives(stat) || stat.startTime < leader.startTime) continue;
    if (stat.group === leader.pid || Number(entry) === leader.pid) members.push(Number(entry));
  }
  // The number may be another process's by now, and then the group is that one's.
  const isAnother = members.includes(leader.pid) && !(await isAlive(leader));
  return isAnother ? [] : members;
};

/** The value of `variable` in the environment a process was started with; undefined where we may not look. */
export const startVariable = async (pid: number, variable: string): Promise<string | undefined> => {
  const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const prefix = `${variable}=`;
  return text
    .split('\0')
    .find((entry) => entry.startsWith(prefix))
    ?.slice(prefix.length);
};

/** Living processes but this one whose environment says `variable=value`: also those outside any group we know. */
export const processesMarked = async (variable: string, value: string): Promise<ProcessIdentity[]> => {
  const found: ProcessIdentity[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    if ((await startVariable(Number(entry), variable)) !== value) continue;
    const identity = await identify(Number(entry));
    if (identity) found.push(identity);
  }
  return found;
};
