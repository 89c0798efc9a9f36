/** What `ucoder up` runs, for `ucoder ps`. */
import type { Environment } from '../environment.ts';
import { type Paths, pathsFor } from '../paths.ts';
import { checkHealth } from './check-health.ts';
import { whyModelRests } from './model-rest.ts';
import { readTable } from './read-table.ts';
import type { Role } from './service.ts';
import { findProcess, logFileOf } from './service-process.ts';
import { listServices } from './supervisor-client.ts';
import { findSupervisor } from './supervisor-record.ts';

/** The contract's fields; `ucoder ps --json` prints them as they are. */
export type ProcessLine = {
  name: string;
  role: Role;
  pid: number | null;
  address: string | null;
  healthy: boolean;
  /** Why it does not run, where that is as it should be. */
  resting?: string;
};

/** Asks the supervisor; where it died, the processes that it left are looked at one by one. */
export const ps = async (environment: Environment): Promise<ProcessLine[]> => {
  const paths = pathsFor(environment);
  const record = await findSupervisor(paths);
  const services = await listServices(paths).catch(() => undefined);
  const lines = services
    ? services.map(({ name, role, pid, address, healthy }) => ({ name, role, pid, address, healthy }))
    : await orphans(environment);
  const running = [...lines, ...(await restingModel(paths, lines))];
  if (!record) return running;
  const address = `unix://${record.socketPath}`;
  return [
    { name: 'supervisor', role: 'supervisor', pid: record.pid, address, healthy: services !== undefined },
    ...running,
  ];
};

/** The model server of a paused campaign, where anything else runs. */
const restingModel = async (paths: Paths, lines: readonly ProcessLine[]): Promise<ProcessLine[]> => {
  if (lines.length === 0 || lines.some(({ role }) => role === 'model')) return [];
  const resting = await whyModelRests(paths);
  return resting ? [{ name: 'model', role: 'model', pid: null, address: null, healthy: false, resting }] : [];
};

const orphans = async (environment: Environment): Promise<ProcessLine[]> => {
  const paths = pathsFor(environment);
  const context = { paths, variables: {} };
  const lines = await Promise.all(
    (await readTable(paths)).map(async ({ name, role, address, health }) => {
      const process = await findProcess(context, name);
      if (!process) return undefined;
      const log = { file: logFileOf(context, name), offset: process.record.logOffset };
      return { name, role, pid: process.pid, address, healthy: await checkHealth(health, log) };
    }),
  );
  return lines.filter((line) => line !== undefined);
};
