/** Follows what a Docker engine says while it builds or imports, and fails with what it says in the end. */
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { UcoderError } from '../../core/errors.ts';

export type FollowOptions = Readonly<{ log: string; silenceMs: number; say: (activity: string) => void }>;

const LAST_LINES = 8;

/** The engine answers with 200 at once and tells of a failure in a line of its JSON stream. */
export const followStream = async (stream: NodeJS.ReadableStream, options: FollowOptions): Promise<void> => {
  await mkdir(dirname(options.log), { recursive: true });
  const last: string[] = [];
  let silent = false;
  const lines = createInterface({ input: stream });
  const giveUp = () => {
    silent = true;
    lines.close();
    if ('destroy' in stream && typeof stream.destroy === 'function') stream.destroy();
  };
  let timer = setTimeout(giveUp, options.silenceMs);
  try {
    for await (const line of lines) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, options.silenceMs);
      const { text, error } = parseLine(line);
      if (text === '') continue;
      await appendFile(options.log, `${text}\n`);
      last.push(text);
      if (last.length > LAST_LINES) last.shift();
      if (error)
        throw new UcoderError(
          'install-failed',
          `The Docker engine says: ${last.join(' | ')}. Whole log: ${options.log}`,
        );
      options.say(text);
    }
  } finally {
    clearTimeout(timer);
  }
  if (silent)
    throw new UcoderError(
      'install-failed',
      `The Docker engine said nothing for ${options.silenceMs / 1000} s.`,
    );
};

/** One line of the engine's stream: {"stream": …}, {"status": …} or {"error": …}. */
export const parseLine = (line: string): { text: string; error: boolean } => {
  let said: unknown;
  try {
    said = JSON.parse(line);
  } catch {
    return { text: line.trim(), error: false };
  }
  if (typeof said !== 'object' || said === null) return { text: '', error: false };
  if ('error' in said) return { text: String(said.error).trim(), error: true };
  if ('stream' in said) return { text: String(said.stream).trim(), error: false };
  return { text: 'status' in said ? String(said.status).trim() : '', error: false };
};
