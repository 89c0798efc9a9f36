/** What `ucoder up` runs, for `ucoder ps`. */
import type { Environment } from '../environment.ts';
import { pathsFor } from '../paths.ts';
import { checkHealth } from './check-health.ts';
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
};

/** Asks the supervisor; where it died, the processes that it left are looked at one by one. */
export const ps = async (environment: Environment): Promise<ProcessLine[]> => {
  const paths = pathsFor(environment);
  const record = await findSupervisor(paths);
  const services = await listServices(paths).catch(() => undefined);
  const lines = services
    ? services.map(({ name, role, pid, address, healthy }) => ({ name, role, pid, address, healthy }))
    : await orphans(environment);
  if (!record) return lines;
  const address = `unix://${record.socketPath}`;
  return [
    { name: 'supervisor', role: 'supervisor', pid: record.pid, address, healthy: services !== undefined },
    ...lines,
  ];
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
