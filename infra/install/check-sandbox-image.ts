/** The image is good if a container of it, isolated as candidates will be, answers the runner's greeting. */
import type Docker from 'dockerode';
import { messageOf, UcoderError } from '../../core/errors.ts';

const READY_TIMEOUT_MS = 60_000;
const LENGTH_BYTES = 4;

export const checkSandboxImage = async (docker: Docker, tag: string): Promise<void> => {
  const container = await docker.createContainer({
    Image: tag,
    ...{ OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true, AttachStderr: true },
    HostConfig: {
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      Tmpfs: { '/tmp': 'rw,noexec,nosuid,size=16m,mode=1777' },
      CapDrop: ['ALL'],
      CapAdd: ['SETUID', 'SETGID', 'KILL'],
      SecurityOpt: ['no-new-privileges'],
      LogConfig: { Type: 'none', Config: {} },
    },
  });
  try {
    const said = await greet(container);
    if (!said.includes('"ready"')) {
      throw new UcoderError(
        'install-failed',
        `The runner in ${tag} does not answer: ${said.trim() || 'it ended without a word'}`,
      );
    }
  } finally {
    await container.remove({ force: true, v: true });
  }
};

/** Everything that the container says up to its "ready", or up to its end. */
const greet = async (container: Docker.Container): Promise<string> => {
  const attach = { stream: true, hijack: true, stdin: true, stdout: true, stderr: true };
  const stream = await container.attach(attach);
  let said = '';
  const answered = new Promise<void>((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
      if (said.includes('"ready"')) resolve();
    });
    stream.once('end', resolve);
    stream.once('error', reject);
  });
  const limit = setTimeout(() => stream.end(), READY_TIMEOUT_MS);
  try {
    await container.start();
    stream.write(frame({ op: 'hello', uids: [10_000, 2] }));
    await answered;
  } catch (error) {
    throw new UcoderError('install-failed', `The sandbox's container does not start: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    clearTimeout(limit);
    stream.end();
  }
  return said;
};

/** The runner's wire format: the length in four bytes, then JSON. */
const frame = (message: object): Buffer => {
  const body = Buffer.from(JSON.stringify(message));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
};
