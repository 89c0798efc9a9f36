/** Ends a service with everything it started: the leader is asked, what is left of its group is killed. */
import { groupMembers, isAlive, type ProcessIdentity } from './process-identity.ts';
import { waitUntil } from './wait-until.ts';

/** Long enough for the kernel to tear down a process that holds gigabytes. */
const KILL_TIMEOUT_MS = 15_000;

const send = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in between.
  }
};

/** Resolves when no member of the group lives. The leader alone gets the polite signal, and ends its children. */
export const stopGroup = async (
  leader: ProcessIdentity,
  stop: { signal: NodeJS.Signals; graceMs: number },
): Promise<void> => {
  if (await isAlive(leader)) {
    send(leader.pid, stop.signal);
    await waitUntil(async () => !(await isAlive(leader)), stop.graceMs);
  }
  await killGroup(leader);
};

/** Kills what is left of a group whose leader ended, or would not end. */
export const killGroup = async (leader: ProcessIdentity): Promise<void> => {
  await waitUntil(async () => {
    const members = await groupMembers(leader);
    for (const pid of members) send(pid, 'SIGKILL');
    return members.length === 0;
  }, KILL_TIMEOUT_MS);
};
