/** What clients connect to: our local services, or the user's own where the environment names them. */
import type { ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { DockerOptions } from 'dockerode';
import type { Environment } from '../environment.ts';
import { dockerEngine } from '../install/docker-engine.ts';
import { installContext } from '../install/install-context.ts';
import type { DockerEngine } from '../install/part.ts';
import { pathsFor } from '../paths.ts';
import { readS3Credentials, type S3Credentials } from './s3-credentials.ts';
import { S3_REGION, s3SecretsFile, uiPort } from './services.ts';
import { readStackFile } from './stack-file.ts';

export type Connections = {
  temporal: {
    address: string;
    namespace: string;
    external: boolean;
    /** Address, TLS, API key and headers, for Connection.connect and NativeConnection.connect alike. */
    connectionOptions: Pick<ConnectionOptions, 'address' | 'tls' | 'metadata'> & { apiKey?: string };
  };
  s3: {
    /** Undefined: the AWS SDK reads its usual variables and files. */
    endpoint?: string;
    region?: string;
    credentials?: S3Credentials;
    forcePathStyle?: boolean;
    external: boolean;
  };
  model: {
    /** Ends in /v1. */
    url: string;
    apiKey?: string;
    /** Ours, so it can be restarted with a checkpoint. */
    managed: boolean;
  };
  /** For `new Dockerode(…)`; empty where dockerode reads DOCKER_HOST itself. */
  docker: Pick<DockerOptions, 'socketPath'>;
  /** The Temporal UI's address. */
  ui: string;
};

export const resolveConnections = async (environment: Environment): Promise<Connections> => ({
  temporal: temporalConnection(environment),
  s3: await s3Connection(environment),
  model: modelConnection(environment),
  docker: await dockerConnection(environment),
  ui: environment.temporalUi ?? `http://127.0.0.1:${uiPort(environment.temporalPort)}`,
});

const temporalConnection = (environment: Environment): Connections['temporal'] => {
  if (!environment.externalTemporal) {
    const address = `127.0.0.1:${environment.temporalPort}`;
    return { address, namespace: 'default', external: false, connectionOptions: { address } };
  }
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const { address = '127.0.0.1:7233', tls, apiKey, metadata } = connectionOptions;
  return {
    address,
    namespace: namespace ?? 'default',
    external: true,
    connectionOptions: {
      address,
      ...(tls === undefined ? {} : { tls }),
      ...(typeof apiKey === 'string' ? { apiKey } : {}),
      ...(metadata === undefined ? {} : { metadata }),
    },
  };
};

const s3Connection = async (environment: Environment): Promise<Connections['s3']> => {
  const { s3Endpoint, externalS3, s3Port } = environment;
  // Servers other than Amazon's rarely have a name for each bucket.
  if (externalS3)
    return { external: true, ...(s3Endpoint ? { endpoint: s3Endpoint, forcePathStyle: true } : {}) };
  const credentials = await readS3Credentials(s3SecretsFile(pathsFor(environment)));
  return {
    endpoint: `http://127.0.0.1:${s3Port}`,
    region: S3_REGION,
    forcePathStyle: true,
    external: false,
    ...(credentials ? { credentials } : {}),
  };
};

const modelConnection = ({ modelUrl, modelApiKey, modelPort }: Environment): Connections['model'] => {
  if (modelUrl === undefined) return { url: `http://127.0.0.1:${modelPort}/v1`, managed: true };
  const url = `${modelUrl.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1`;
  return { url, managed: false, ...(modelApiKey ? { apiKey: modelApiKey } : {}) };
};

const dockerConnection = async (environment: Environment): Promise<Connections['docker']> => {
  if (environment.dockerHost !== undefined) return {};
  // The engine that the stack was started with, even if another one answers by now.
  const stack = await readStackFile(pathsFor(environment));
  const engine = stack?.installed.docker ?? (await dockerEngine(installContext(environment)).isInstalled());
  return socketOf(engine);
};

const socketOf = (engine: DockerEngine | undefined): Connections['docker'] =>
  engine === undefined || engine.kind === 'host' ? {} : { socketPath: engine.socketPath };
