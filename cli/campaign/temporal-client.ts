/** The connection to Temporal that commands use. */
import { Client, Connection } from '@temporalio/client';
import { messageOf, UcoderError } from '../../core/errors.ts';
import type { Connections } from '../../infra/stack/connections.ts';

export const connectClient = async ({ temporal }: Connections): Promise<Client> => {
  try {
    const connection = await Connection.connect(temporal.connectionOptions);
    return new Client({ connection, namespace: temporal.namespace });
  } catch (cause) {
    throw new UcoderError(
      'service-unavailable',
      `No Temporal server answers at ${temporal.address}: ${messageOf(cause)}.`,
      { cause },
    );
  }
};
