/** The same runner outside Docker, in namespaces of its own: what the container costs. Looks like an engine. */
import { spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import Dockerode from 'dockerode';
import { languageNamed } from '../../../infra/sandbox/languages.ts';

const START = 'mount --bind "$1" /mnt && shift && mount -t tmpfs -o mode=1777 none /tmp && exec "$@"';

/** Docker’s multiplexing: a header of eight bytes before each piece. */
const framed = (stream: number, piece: Buffer): Buffer => {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(piece.length, 4);
  return Buffer.concat([header, piece]);
};

const startRunner = () => {
  const { folder, environment } = languageNamed('python');
  const child = spawn(
    'unshare',
    [
      ...['--pid', '--fork', '--mount', '--mount-proc', '--ipc', '--net', 'sh', '-c', START, 'sh', folder],
      ...['/usr/bin/python3', '-s', '-S', '-P', '/mnt/main.py'],
    ],
    { env: environment, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const duplex = new Duplex({
    read: () => undefined,
    write: (piece: Buffer, _, done) => child.stdin.write(piece, done),
    final: (done) => child.stdin.end(done),
  });
  child.stdout.on('data', (piece: Buffer) => duplex.push(framed(1, piece)));
  child.stdout.on('end', () => duplex.push(null));
  return { child, duplex };
};

/** An engine whose containers are plain processes. */
export const outsideDocker = (): Dockerode => {
  const engine = new Dockerode();
  const create = async () => {
    const container = engine.getContainer(`outside-${Math.random().toString(16).slice(2)}`);
    let running: ReturnType<typeof startRunner> | undefined;
    Object.assign(container, {
      attach: async () => {
        running = startRunner();
        return running.duplex;
      },
      start: async () => undefined,
      remove: async () => running?.child.stdin.end(),
    });
    return container;
  };
  return Object.assign(engine, {
    createContainer: create,
    info: async () => ({ NCPU: 2 }),
    listContainers: async () => [],
  });
};
