/** `ucoder up`: from whatever is there to a local stack that works. What runs already is kept. */
import type { Environment } from '../environment.ts';
import { install } from '../install/install.ts';
import { installContext } from '../install/install-context.ts';
import { neededParts } from '../install/machine-check.ts';
import type { Installed, PartName } from '../install/part.ts';
import { requireMachine } from '../install/require-machine.ts';
import { pathsFor } from '../paths.ts';
import { awaitHealthy } from './await-healthy.ts';
import { type Connections, resolveConnections } from './connections.ts';
import { ensureBucket } from './ensure-bucket.ts';
import { ownPorts } from './own-ports.ts';
import { ensureS3Credentials } from './s3-credentials.ts';
import { SERVICE_NAMES, type ServiceName } from './service.ts';
import { s3SecretsFile } from './services.ts';
import { handedOn, readStackFile, type StackFile, writeStackFile } from './stack-file.ts';
import { startSupervisor } from './start-supervisor.ts';
import type { UpProgress } from './up-progress.ts';

export type UpOptions = Readonly<{
  /** Only these parts and services, beside what runs already. Default: everything that this environment needs. */
  only?: { parts: readonly PartName[]; services: readonly ServiceName[] };
  report?: (progress: UpProgress) => void;
  signal?: AbortSignal;
}>;

/**
 * Resolves when everything asked for is healthy. Thrown: machine-incomplete (all that is missing at once),
 * install-failed, port-in-use, service-unhealthy.
 */
export const up = async (environment: Environment, options: UpOptions = {}): Promise<Connections> => {
  const { report = () => undefined, signal } = options;
  const paths = pathsFor(environment);
  const services: readonly ServiceName[] = options.only?.services ?? SERVICE_NAMES;
  const parts = [...neededParts(environment)].filter((part) => options.only?.parts.includes(part) ?? true);

  report({ phase: 'check', subject: 'machine', activity: 'looking at the machine', done: false });
  const context = installContext(environment);
  await requireMachine(await ownPorts(paths), context);
  report({ phase: 'check', subject: 'machine', activity: 'has what is needed', done: true });

  const installed = await install(
    parts,
    ({ part, activity }) =>
      report({ phase: 'install', subject: part, activity, done: activity === 'installed' }),
    context,
  );
  for (const part of parts) report({ phase: 'install', subject: part, activity: 'installed', done: true });

  await ensureS3Credentials(s3SecretsFile(paths));
  await writeStackFile(paths, merge(await readStackFile(paths), installed, services, environment));
  await startSupervisor(paths);
  await awaitHealthy(paths, services, { report, ...(signal ? { signal } : {}) });

  const connections = await resolveConnections(environment);
  if (services.includes('s3')) await ensureBucket(connections.s3, environment.bucket);
  return connections;
};

/** A part asked for later joins what was asked for before; another user's service takes ours out of the table. */
const merge = (
  before: StackFile | undefined,
  installed: Installed,
  services: readonly ServiceName[],
  environment: Environment,
): StackFile => ({
  installed: { ...before?.installed, ...installed },
  variables: { ...handedOn(environment.variables), UCODER_STATE: pathsFor(environment).state },
  services: SERVICE_NAMES.filter((name) => services.includes(name) || before?.services.includes(name)),
});
