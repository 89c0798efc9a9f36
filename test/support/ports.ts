/** Free ports for services of a test. */
import { createServer } from 'node:net';
import { isPortFree } from '../../infra/install/port-holder.ts';

/** A port that nobody holds now; the kernel does not hand it out again soon. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** A port whose successor by 1000 is free as well: Temporal's UI goes there. */
export const freeTemporalPort = async (): Promise<number> => {
  for (;;) {
    const port = await freePort();
    if (port + 1000 < 65_536 && (await isPortFree(port + 1000))) return port;
  }
};
