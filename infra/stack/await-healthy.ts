/** Waits until services are healthy, and says early and in full why one will not be. */
import { UcoderError } from '../../core/errors.ts';
import type { Paths } from '../paths.ts';
import type { ServiceStatus } from './service.ts';
import { listServices } from './supervisor-client.ts';
import type { UpProgress } from './up-progress.ts';
import { waitUntil } from './wait-until.ts';

/** A service may stumble once over what another one is still doing; three times in a row is a fault. */
const FAILURES_BEFORE_GIVING_UP = 3;
/** Longer than any service's own limit, after which it counts a failure. */
const TIMEOUT_MS = 30 * 60_000;

type Options = { report: (progress: UpProgress) => void; signal?: AbortSignal };

/** Names that are not in the supervisor's table (the user's own services) are not waited for. */
export const awaitHealthy = async (
  paths: Pick<Paths, 'run'>,
  names: readonly string[],
  { report, signal }: Options,
): Promise<void> => {
  const told = new Map<string, string>();
  const tell = ({ name, state, healthy, pid }: ServiceStatus) => {
    if (told.get(name) === state) return;
    told.set(name, state);
    report({ phase: 'start', subject: name, activity: WORDS[state](pid), done: healthy });
  };
  const ready = await waitUntil(
    async () => {
      const services = await listServices(paths);
      if (!services)
        throw new UcoderError(
          'service-unhealthy',
          'The supervisor ended while services were starting. Its log is .ucoder/logs/supervisor.log.',
        );
      const wanted = services.filter(({ name }) => names.includes(name));
      wanted.forEach(tell);
      const lost = wanted.find(isLost);
      if (lost?.problem) throw new UcoderError(lost.problem.code, lost.problem.message);
      return wanted.every(({ healthy }) => healthy);
    },
    TIMEOUT_MS,
    { everyMs: 100, signal },
  );
  signal?.throwIfAborted();
  if (!ready)
    throw new UcoderError('service-unhealthy', 'The local stack is not healthy after half an hour.');
};

const isLost = ({ problem, healthy, failures }: ServiceStatus): boolean =>
  !healthy && problem !== null && (problem.code === 'port-in-use' || failures >= FAILURES_BEFORE_GIVING_UP);

const WORDS: Record<ServiceStatus['state'], (pid: number | null) => string> = {
  stopped: () => 'stopped',
  waiting: () => 'waiting for what it needs',
  starting: (pid) => (pid === null ? 'starting' : `starting (process ${pid})`),
  healthy: (pid) => `healthy (process ${pid})`,
  unhealthy: (pid) => `process ${pid ?? '?'} does not answer`,
  'backing-off': () => 'ended; is started again',
  stopping: () => 'stopping',
};
