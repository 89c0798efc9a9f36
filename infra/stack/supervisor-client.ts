/** Asks the supervisor of a state folder. */
import { request } from 'node:http';
import { UcoderError } from '../../core/errors.ts';
import type { Paths } from '../paths.ts';
import type { ServiceStatus } from './service.ts';
import { findSupervisor, type SupervisorRecord } from './supervisor-record.ts';
import { waitUntil } from './wait-until.ts';

type Where = Pick<Paths, 'run'>;

/** The services that the supervisor knows; undefined where no supervisor runs. */
export const listServices = async (paths: Where): Promise<ServiceStatus[] | undefined> => {
  const record = await findSupervisor(paths);
  if (!record) return undefined;
  return JSON.parse(await ask(record, 'GET', '/services')) as ServiceStatus[];
};

/** Brings what runs in line with the stack file, out-of-date services included. */
export const applyStack = (paths: Where): Promise<void> => tell(paths, '/apply');

/** Resolves when no process of the service is left; the supervisor forgets it until it is restarted or applied anew. */
export const stopService = (paths: Where, name: string): Promise<void> =>
  tell(paths, `/services/${name}/stop`);

/** Resolves when every service has ended, and the supervisor with them. Does nothing where none runs. */
export const stopSupervisor = (paths: Where): Promise<void> => endSupervisor(paths, '/stop');

/** Resolves when the supervisor has ended; the services go on and are adopted by the next one. */
export const leaveServices = (paths: Where): Promise<void> => endSupervisor(paths, '/leave');

export type RestartOptions = { timeoutMs?: number; signal?: AbortSignal };

/** A model server that shares its processors with a build needs minutes. */
const RESTART_TIMEOUT_MS = 15 * 60_000;

/**
 * Resolves when the old process is gone and a new one, started from the definition that holds now, is healthy.
 * Thrown: service-unavailable where no supervisor runs; service-unhealthy with the last lines of its log.
 */
export const restartService = async (
  paths: Where,
  name: string,
  { timeoutMs = RESTART_TIMEOUT_MS, signal }: RestartOptions = {},
): Promise<void> => {
  await tell(paths, `/services/${name}/restart`);
  let last: ServiceStatus | undefined;
  const healthy = await waitUntil(
    async () => {
      // A supervisor that is replaced meanwhile adopts the process: its answer is waited for.
      last =
        (await listServices(paths).catch(() => undefined))?.find((service) => service.name === name) ?? last;
      return last?.healthy ?? false;
    },
    timeoutMs,
    { everyMs: 200, signal },
  );
  if (healthy) return;
  signal?.throwIfAborted();
  throw new UcoderError(
    'service-unhealthy',
    last?.problem?.message ??
      `${name} is not healthy ${Math.round(timeoutMs / 1000)} s after its restart (${last?.state ?? 'unknown'}). Its log: ${last?.log ?? 'none'}`,
  );
};

const tell = async (paths: Where, path: string): Promise<void> => {
  const record = await findSupervisor(paths);
  if (!record)
    throw new UcoderError('service-unavailable', 'The supervisor of the local stack does not run.');
  await ask(record, 'POST', path);
};

const endSupervisor = async (paths: Where, path: string): Promise<void> => {
  const record = await findSupervisor(paths);
  if (!record) return;
  await ask(record, 'POST', path);
  await waitUntil(async () => (await findSupervisor(paths))?.pid !== record.pid, 10_000);
};

const ask = ({ socketPath, pid }: SupervisorRecord, method: string, path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const fail = (reason: string, cause?: Error) =>
      reject(new UcoderError('service-unavailable', `The supervisor (process ${pid}) ${reason}.`, { cause }));
    const asked = request({ socketPath, method, path, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', (error) => fail(`broke its answer off: ${error.message}`, error));
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(text);
        else fail(`refused ${method} ${path}: ${text}`);
      });
    });
    asked.once('error', (error) => fail(`does not answer at ${socketPath}: ${error.message}`, error));
    asked.end();
  });
