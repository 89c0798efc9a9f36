/** The one place that reads process.env. A variable that names the user's own service replaces ours. */
import { UcoderError } from '../core/errors.ts';

export type Environment = Readonly<{
  /** TEMPORAL_ADDRESS or TEMPORAL_PROFILE is set: the rest is read by @temporalio/envconfig. */
  externalTemporal: boolean;
  /** Where the Temporal UI is, if the server is the user's own. */
  temporalUi: string | undefined;
  /** OpenAI-compatible base address, ending in /v1 or not. */
  modelUrl: string | undefined;
  modelApiKey: string | undefined;
  s3Endpoint: string | undefined;
  /** AWS_PROFILE, AWS_REGION or access keys are set without an endpoint: real S3. */
  externalS3: boolean;
  bucket: string;
  dockerHost: string | undefined;
  /** The engine’s runtime for sandbox containers, for example runsc; the engine’s default otherwise. */
  sandboxRuntime: string | undefined;
  /** An interpreter that has the trainer's packages, instead of the environment that we install. */
  python: string | undefined;
  /** Deadlines on tokens, which find a model server that hangs while its health check answers. */
  firstTokenSeconds: number | undefined;
  idleSeconds: number | undefined;
  /** Modules with Temporal workflow interceptors that workers load beside ours, as absolute paths. */
  workflowModules: readonly string[];
  /** The version that workers belong to, where worker versioning is used. */
  buildId: string | undefined;
  stateFolder: string | undefined;
  cacheFolder: string | undefined;
  temporalPort: number;
  s3Port: number;
  modelPort: number;
  continuousIntegration: boolean;
  /** What all this was read from; services that call others are started with it. */
  variables: Readonly<NodeJS.ProcessEnv>;
}>;

/** Empty counts as not set. */
const numberOf = (
  variables: NodeJS.ProcessEnv,
  name: string,
  isValid: (value: number) => boolean,
  wanted: string,
): number | undefined => {
  const text = variables[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!isValid(value))
    throw new UcoderError(
      'invalid-config',
      `The environment variable ${name} is "${text}"; it must be ${wanted}.`,
    );
  return value;
};

const port = (variables: NodeJS.ProcessEnv, name: string): number | undefined =>
  numberOf(
    variables,
    name,
    (value) => Number.isInteger(value) && value > 0 && value < 65_536,
    'a port from 1 to 65535',
  );

const positive = (variables: NodeJS.ProcessEnv, name: string): number | undefined =>
  numberOf(variables, name, (value) => value > 0 && value < 1_000_000, 'a number of seconds above 0');

/** Whether stack traces are shown, readable even where another variable is wrong. */
export const wantsDebug = (variables: NodeJS.ProcessEnv = process.env): boolean =>
  Boolean(variables.UCODER_DEBUG);

/** Thrown: invalid-config, naming the variable. */
export const readEnvironment = (variables: NodeJS.ProcessEnv = process.env): Environment => {
  const s3Endpoint = variables.AWS_ENDPOINT_URL_S3 || variables.AWS_ENDPOINT_URL || undefined;
  return {
    externalTemporal: Boolean(variables.TEMPORAL_ADDRESS || variables.TEMPORAL_PROFILE),
    temporalUi: variables.UCODER_TEMPORAL_UI || undefined,
    modelUrl: variables.UCODER_MODEL_URL || undefined,
    modelApiKey: variables.UCODER_MODEL_API_KEY || undefined,
    s3Endpoint,
    externalS3: Boolean(s3Endpoint || variables.AWS_PROFILE || variables.AWS_ACCESS_KEY_ID),
    bucket: variables.UCODER_BUCKET || 'ucoder',
    dockerHost: variables.DOCKER_HOST || undefined,
    sandboxRuntime: variables.UCODER_SANDBOX_RUNTIME || undefined,
    python: variables.UCODER_PYTHON || undefined,
    firstTokenSeconds: positive(variables, 'UCODER_FIRST_TOKEN_SECONDS'),
    idleSeconds: positive(variables, 'UCODER_IDLE_SECONDS'),
    workflowModules: (variables.UCODER_WORKFLOW_MODULES ?? '').split(',').filter((path) => path !== ''),
    buildId: variables.UCODER_BUILD_ID || undefined,
    stateFolder: variables.UCODER_STATE || undefined,
    cacheFolder: variables.UCODER_CACHE || undefined,
    temporalPort: port(variables, 'UCODER_TEMPORAL_PORT') ?? 7233,
    s3Port: port(variables, 'UCODER_S3_PORT') ?? 7070,
    modelPort: port(variables, 'UCODER_MODEL_PORT') ?? 8100,
    continuousIntegration: variables.CI === 'true',
    variables,
  };
};

/** What child processes inherit: PATH, and the mirrors and certificates that package clients read. */
export const inheritedVariables = (): NodeJS.ProcessEnv => process.env;
