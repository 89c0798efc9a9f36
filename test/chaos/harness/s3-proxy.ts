/**
 * Stands before the S3 server and spoils single requests: refusals, lost replies, uploads that break off, silence,
 * bytes that are not those that were written.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

export type S3Fault = 'unavailable' | 'lost-reply' | 'half-upload' | 'hang' | 'full' | 'flipped-byte';
/** What to do to a request; undefined lets it pass. */
export type S3Plan = (method: string, path: string) => S3Fault | undefined;
const errorBody = (code: string): string => `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`;

const flipped = (piece: Buffer): Buffer => {
  const other = Buffer.from(piece);
  other.writeUInt8(other.readUInt8(0) ^ 1, 0);
  return other;
};

/** Signatures hold, since the Host header is passed on as it came. `target`: http://host:port */
export const startS3Proxy = async (target: string) => {
  const { hostname, port } = new URL(target);
  const state = { plan: (() => undefined) as S3Plan, spoilt: [] as string[] };

  const forward = (request: IncomingMessage, response: ServerResponse, fault: S3Fault | undefined) => {
    const { expect: _, ...headers } = request.headers;
    const upstream = send({ hostname, port, method: request.method, path: request.url, headers });
    upstream.on('error', () => response.destroy());
    upstream.on('response', (reply) => {
      if (fault === 'lost-reply') {
        reply.resume().on('end', () => response.destroy());
        return;
      }
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      if (fault === 'flipped-byte') reply.on('data', (piece: Buffer) => response.write(flipped(piece)));
      else reply.pipe(response);
      reply.on('end', () => response.end());
    });
    if (fault !== 'half-upload') {
      request.pipe(upstream);
      return;
    }
    // The first half of the body, then both sides break.
    let left = Math.floor(Number(request.headers['content-length'] ?? 0) / 2);
    request.on('data', (piece: Buffer) => {
      upstream.write(piece.subarray(0, Math.max(0, left)));
      left -= piece.length;
      if (left > 0) return;
      upstream.destroy();
      response.destroy();
    });
  };

  const server = createServer((request, response) => {
    const { method = 'GET', url = '/' } = request;
    const fault = state.plan(method, url);
    if (fault) state.spoilt.push(`${fault} ${method} ${url}`);
    if (fault === 'hang') return;
    if (fault === 'unavailable' || fault === 'full') {
      const [status, code] = fault === 'full' ? [507, 'InsufficientStorage'] : [503, 'SlowDown'];
      request.resume().on('end', () => {
        response
          .writeHead(Number(status), { 'content-type': 'application/xml' })
          .end(errorBody(String(code)));
      });
      return;
    }
    forward(request, response, fault);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    state,
    close: async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
