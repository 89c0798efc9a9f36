/** Stops the local stack: nothing that `ucoder up` started is left. Its data stays. */
import type { Environment } from '../environment.ts';
import { pathsFor } from '../paths.ts';
import { processesMarked } from './process-identity.ts';
import { readRunRecord, removeRunRecord } from './run-record.ts';
import { SERVICE_NAMES } from './service.ts';
import { STACK_MARK } from './service-process.ts';
import { killGroup, stopGroup } from './stop-group.ts';
import { stopSupervisor } from './supervisor-client.ts';
import { findSupervisor, removeSupervisorRecord } from './supervisor-record.ts';
import { waitUntil } from './wait-until.ts';

const STOP = { signal: 'SIGTERM', graceMs: 10_000 } as const;

/**
 * First through the supervisor, which knows the order. What is left then carries the stack's mark: services
 * of a supervisor that was killed, and training jobs, which outlive their worker on purpose.
 */
export const down = async (environment: Environment): Promise<void> => {
  const paths = pathsFor(environment);
  const supervisor = await findSupervisor(paths);
  if (supervisor) {
    await stopSupervisor(paths).catch(() => undefined);
    // One that does not answer any more is ended like everything else.
    await stopGroup(supervisor, STOP);
    await removeSupervisorRecord(paths);
  }
  const isGone = async () => {
    const left = await processesMarked(STACK_MARK, paths.state);
    await Promise.all(left.map((process) => stopGroup(process, STOP)));
    return left.length === 0;
  };
  await waitUntil(isGone, 60_000);
  for (const name of SERVICE_NAMES) {
    // The model server's children write over their environment: a group whose leader was killed is known by number.
    const record = await readRunRecord(paths.run, name);
    if (record) await killGroup(record);
    await removeRunRecord(paths.run, name);
  }
};
