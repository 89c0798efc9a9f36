/** What a command talks to, opened for its duration. */
import { type Client, type Connection, ServiceError } from '@temporalio/client';
import { createStore } from '../../activities/store/create-store.ts';
import type { S3Store } from '../../activities/store/s3-store.ts';
import { UcoderError } from '../../core/errors.ts';
import type { Environment } from '../../infra/environment.ts';
import { type Connections, resolveConnections } from '../../infra/stack/connections.ts';
import { connectClient } from './temporal-client.ts';

export type Clients = { client: Client; store: S3Store; connections: Connections };

export const withClients = async <T>(
  environment: Environment,
  work: (clients: Clients) => Promise<T>,
): Promise<T> => {
  const connections = await resolveConnections(environment);
  const client = await connectClient(connections);
  try {
    return await work({ client, connections, store: createStore(connections.s3, environment.bucket) });
  } catch (thrown) {
    if (!(thrown instanceof ServiceError)) throw thrown;
    const why = thrown.cause instanceof Error ? thrown.cause.message : thrown.message;
    throw new UcoderError(
      'service-unavailable',
      `The Temporal server at ${connections.temporal.address} did not do what it was asked: ${why}.`,
      { cause: thrown },
    );
  } finally {
    await (client.connection as Connection).close();
  }
};
