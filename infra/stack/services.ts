/**
 * The local stack in one table: command, environment, health check and ports of each service.
 * docker-compose.yml is compared with it. A service that the user's own replaces has no row.
 */
import { dirname, join } from 'node:path';
import type { Environment } from '../environment.ts';
import type { Installed } from '../install/part.ts';
import { type Paths, projectRoot } from '../paths.ts';
import type { MachineShape } from './machine-shape.ts';
import { modelService } from './model-service.ts';
import type { ServedModel } from './served-model.ts';
import type { Service, ServiceName } from './service.ts';

/** Registered with the server when it starts; workflows/search-attributes.ts says what they mean. */
export const SEARCH_ATTRIBUTES = {
  UcoderState: 'Keyword',
  UcoderStage: 'Keyword',
  UcoderIteration: 'Int',
  UcoderBestPassAt1: 'Double',
} as const;

export const S3_REGION = 'us-east-1';
const LOOPBACK = '127.0.0.1';
/** As Temporal's own default. */
export const uiPort = (temporalPort: number): number => temporalPort + 1000;
export const s3SecretsFile = ({ secrets }: Pick<Paths, 'secrets'>): string => join(secrets, 's3.env');

export type StackInputs = Readonly<{
  environment: Environment;
  paths: Paths;
  machine: MachineShape;
  served: ServedModel | undefined;
  /** The user's settings and credentials for the services that call others. */
  variables: Readonly<Record<string, string>>;
  /** Changes when our sources do: workers that run older code are restarted by `up`. */
  codeVersion: string;
}>;

/** In the order of starting. A row whose part is not installed (`up --only`) is left out. */
export const servicesTable = (installed: Installed, inputs: StackInputs): Service<ServiceName>[] => {
  const { environment, paths, machine, served } = inputs;
  const { temporal, s3, python, docker } = installed;
  const rows: (Service<ServiceName> | false | undefined)[] = [
    temporal !== undefined && !environment.externalTemporal && temporalService(temporal, inputs),
    s3 !== undefined && !environment.externalS3 && s3Service(s3, inputs),
    docker?.ownsEngine && dockerService(docker),
    python !== undefined &&
      served !== undefined &&
      environment.modelUrl === undefined &&
      modelService(python, served, environment, paths, machine),
    ...WORKERS.map((worker) => workerService(worker, inputs)),
  ];
  const table = rows.filter((row) => row !== false && row !== undefined);
  const names = new Set<string>(table.map(({ name }) => name));
  return table.map((row) => ({ ...row, dependsOn: row.dependsOn.filter((name) => names.has(name)) }));
};

const temporalService = (program: string, { environment, paths }: StackInputs): Service<'temporal'> => {
  const port = environment.temporalPort;
  const ui = uiPort(port);
  const folder = join(paths.data, 'temporal');
  return {
    name: 'temporal',
    role: 'server',
    command: [
      ...([program, 'server', 'start-dev', '--db-filename', join(folder, 'temporal.db')] as const),
      ...['--ip', LOOPBACK, '--port', String(port), '--ui-port', String(ui), '--log-level', 'warn'],
      // Twice as fast as SQLite's defaults, and a killed process loses nothing.
      ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
      ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => [
        '--search-attribute',
        `${name}=${type}`,
      ]),
    ],
    folder: paths.state,
    environment: {},
    ports: [port, ui].map((number) => ({ port: number, variable: 'UCODER_TEMPORAL_PORT' })),
    address: `${LOOPBACK}:${port}`,
    // The UI asks the front end for its answer, so it is good only when both are.
    health: { kind: 'http', url: `http://${LOOPBACK}:${ui}/api/v1/cluster-info` },
    folders: [folder],
    readyTimeoutMs: 60_000,
    unhealthyTimeoutMs: 60_000,
    stop: { signal: 'SIGTERM', graceMs: 15_000 },
    dependsOn: [],
  };
};

const s3Service = (program: string, { environment, paths }: StackInputs): Service<'s3'> => {
  const address = `${LOOPBACK}:${environment.s3Port}`;
  const folder = join(paths.data, 's3');
  return {
    name: 's3',
    role: 'server',
    command: [
      program,
      '--port',
      address,
      '--region',
      S3_REGION,
      '--health',
      '/health',
      '--quiet',
      'posix',
      folder,
    ],
    folder: paths.state,
    environment: {},
    secrets: s3SecretsFile(paths),
    ports: [{ port: environment.s3Port, variable: 'UCODER_S3_PORT' }],
    address,
    health: { kind: 'http', url: `http://${address}/health` },
    folders: [folder],
    readyTimeoutMs: 30_000,
    unhealthyTimeoutMs: 60_000,
    stop: { signal: 'SIGTERM', graceMs: 10_000 },
    dependsOn: [],
  };
};

const dockerService = (
  engine: Extract<Installed['docker'], { ownsEngine: true }>,
): Service<'docker-engine'> => ({
  name: 'docker-engine',
  role: 'engine',
  command: engine.command,
  folder: dirname(engine.socketPath),
  environment: engine.variables,
  ports: [],
  address: `unix://${engine.socketPath}`,
  health: { kind: 'unix-http', socketPath: engine.socketPath, path: '/_ping' },
  folders: [dirname(engine.socketPath), engine.dataRoot],
  pidFile: join(dirname(engine.socketPath), 'docker.pid'),
  readyTimeoutMs: 60_000,
  unhealthyTimeoutMs: 60_000,
  stop: { signal: 'SIGTERM', graceMs: 20_000 },
  dependsOn: [],
});

type Worker = { name: ServiceName; queue: string; dependsOn: ServiceName[] };

/** The model server is no dependency: the worker of its queue is the one that restarts it with a checkpoint. */
const WORKERS: readonly Worker[] = [
  { name: 'worker-control', queue: 'control', dependsOn: ['temporal', 's3'] },
  { name: 'worker-model', queue: 'model', dependsOn: ['temporal', 's3'] },
  { name: 'worker-sandbox', queue: 'sandbox', dependsOn: ['temporal', 's3', 'docker-engine'] },
  { name: 'worker-training', queue: 'training', dependsOn: ['temporal', 's3'] },
];

const workerService = (
  { name, queue, dependsOn }: Worker,
  { paths, variables, codeVersion }: StackInputs,
): Service<ServiceName> => ({
  name,
  role: 'worker',
  command: [
    process.execPath,
    '--import',
    'tsx',
    join(projectRoot, 'cli', 'main.ts'),
    'worker',
    '--queues',
    queue,
  ],
  folder: projectRoot,
  environment: {
    ...variables,
    UCODER_STATE: paths.state,
    UCODER_CACHE: paths.cache,
    UCODER_CODE_VERSION: codeVersion,
  },
  ports: [],
  address: null,
  health: { kind: 'log', line: 'Worker serves' },
  folders: [],
  readyTimeoutMs: 120_000,
  unhealthyTimeoutMs: 60_000,
  // Activities have 10 s to finish their chunk.
  stop: { signal: 'SIGTERM', graceMs: 20_000 },
  dependsOn,
});
