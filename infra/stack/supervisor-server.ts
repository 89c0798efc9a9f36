/** The supervisor's controls: HTTP on a Unix socket, for this user alone. */
import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { messageOf, UcoderError } from '../../core/errors.ts';
import { openSocketFolder } from './socket-path.ts';
import type { Supervisor } from './supervisor.ts';

export type SupervisorControls = Readonly<{
  supervisor: Supervisor;
  /** Ends the supervisor: with its services, or leaving them to the next one. */
  end: (services: 'stop' | 'leave') => Promise<void>;
}>;

/**
 * Listens; the function it gives resolves when the last answer is out. The caller holds the supervisor's
 * lock, so an old socket is dead.
 */
export const serveControls = async (
  socketPath: string,
  controls: SupervisorControls,
): Promise<() => Promise<void>> => {
  await openSocketFolder(socketPath);
  await rm(socketPath, { force: true });
  const server = createServer((request, response) => void answer(controls, request, response));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socketPath, resolve));
  await chmod(socketPath, 0o600);
  return () => new Promise<void>((resolve) => server.close(() => resolve()));
};

const answer = async (
  controls: SupervisorControls,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  request.resume();
  try {
    const result = await act(controls, `${request.method} ${request.url}`);
    if (result === undefined)
      send(response, 404, { message: `There is nothing at ${request.method} ${request.url}.` });
    else send(response, 200, result);
  } catch (thrown) {
    const status = thrown instanceof UcoderError && thrown.code === 'usage' ? 404 : 500;
    send(response, status, { message: messageOf(thrown) });
  }
};

const send = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

const act = async ({ supervisor, end }: SupervisorControls, request: string): Promise<unknown> => {
  switch (request) {
    case 'GET /services':
      return supervisor.statuses();
    case 'POST /apply':
      await supervisor.apply();
      return {};
    case 'POST /stop':
      await end('stop');
      return {};
    case 'POST /leave':
      await end('leave');
      return {};
  }
  const [, name, verb] = /^POST \/services\/([\w-]+)\/(restart|stop)$/.exec(request) ?? [];
  if (name === undefined) return undefined;
  await (verb === 'stop' ? supervisor.stop(name) : supervisor.restart(name));
  return {};
};
