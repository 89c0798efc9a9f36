/** What a command talks to, opened for its duration. */
import type { Client, Connection } from '@temporalio/client';
import { createStore } from '../../activities/store/create-store.ts';
import type { S3Store } from '../../activities/store/s3-store.ts';
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
  } finally {
    await (client.connection as Connection).close();
  }
};
