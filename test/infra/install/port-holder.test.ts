import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isPortFree, portHolder } from '../../../infra/install/port-holder.ts';

let server: Server | undefined;
afterEach(() => server?.close());

const listen = async (): Promise<number> => {
  server = createServer();
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

describe('a port', () => {
  it('is taken while somebody listens, and the holder is named', async () => {
    const port = await listen();
    expect(await isPortFree(port)).toBe(false);
    expect(await portHolder(port)).toContain(`process ${process.pid} (`);
  });

  it('is free afterwards', async () => {
    const port = await listen();
    await new Promise((resolve) => server?.close(resolve));
    expect(await isPortFree(port)).toBe(true);
    expect(await portHolder(port)).toBeUndefined();
  });
});
