/** Who holds something that may outlive its process: a host, and a process by its id and its start time. */
import { hostname } from 'node:os';
import { identify, isAlive } from '../infra/stack/process-identity.ts';

/** In no host's name. */
export const SEPARATOR = '~';

/** This process as a holder: `host~pid~start time`. Ids alone are used again within minutes on a busy machine. */
export const thisHolder = async (): Promise<string> => {
  const identity = await identify(process.pid);
  return [hostname(), process.pid, identity?.startTime ?? 0].join(SEPARATOR);
};

/** Whether the holder is a process of this host that has ended. Of another host nobody here can say: false. */
export const hasEnded = async (holder: string): Promise<boolean> => {
  const [host, pid, startTime] = holder.split(SEPARATOR);
  if (host !== hostname()) return false;
  return !(await isAlive({ pid: Number(pid), startTime: Number(startTime) }));
};
