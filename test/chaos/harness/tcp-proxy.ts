/** A connection between two parts that can be cut, and that can hang: accepted, open, and silent. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type ProxyMode = 'pass' | 'hang' | 'cut';
/** `target`: host:port. */
export const startTcpProxy = async (target: string) => {
  const [host = '127.0.0.1', port = '0'] = target.split(':');
  const sockets = new Set<Socket>();
  let mode: ProxyMode = 'pass';
  let refused = 0;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A connection that breaks is what this proxy is for.
    socket.on('error', () => socket.destroy());
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    keep(client);
    if (mode === 'cut') {
      refused += 1;
      client.destroy();
      return;
    }
    const upstream = connect(Number(port), host);
    keep(upstream);
    client.pipe(upstream).pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    if (mode === 'hang') for (const socket of [client, upstream]) socket.pause();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (next: ProxyMode): void => {
      mode = next;
      for (const socket of sockets) {
        if (next === 'cut') socket.destroy();
        else if (next === 'hang') socket.unpipe().pause();
        // What hung was taken apart; its owners connect again.
        else socket.destroy();
      }
    },
    /** Connections that found it cut. */
    refusals: (): number => refused,
    close: async (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
