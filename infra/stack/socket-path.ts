/** Where the supervisor listens: in .ucoder/run, or in a short folder of this user where that path is too long. */
import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UcoderError } from '../../core/errors.ts';

/** sun_path has 108 bytes with the closing zero. */
const SOCKET_PATH_LIMIT = 107;

/** `runtimeFolder` is XDG_RUNTIME_DIR where it is set. */
export const supervisorSocket = (run: string, runtimeFolder?: string): string => {
  const preferred = join(run, 'supervisor.sock');
  if (Buffer.byteLength(preferred) <= SOCKET_PATH_LIMIT) return preferred;
  const name = `ucoder-${createHash('sha256').update(run).digest('hex').slice(0, 12)}`;
  return join(runtimeFolder ?? tmpdir(), name, 'supervisor.sock');
};

/** Makes the socket's folder for this user alone. In /tmp somebody else may have made it first: that is refused. */
export const openSocketFolder = async (socketPath: string): Promise<void> => {
  const folder = dirname(socketPath);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { uid } = await lstat(folder);
  if (uid !== process.getuid?.()) {
    throw new UcoderError(
      'service-unavailable',
      `${folder}, where the supervisor listens, belongs to another user. Set UCODER_STATE to a folder of your own with a shorter path.`,
    );
  }
  await chmod(folder, 0o700);
};
