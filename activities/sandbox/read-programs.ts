/** Programs as their language’s runner reads them before they run: which are the same, and a form that loads faster. */
import { encodeSource } from './run-request.ts';
import type { NormalisedMessage } from './runner-container.ts';

/** Programs that are worth a container of their own for being read. */
const AT_LEAST = 16;

export type ReadProgram = {
  /** Undefined where only the text tells programs apart, or where it crashed the compiler. */
  readonly key: string | undefined;
  readonly unchanging: boolean;
  readonly form: Buffer | undefined;
};
const unread: ReadProgram = { key: undefined, unchanging: false, form: undefined };

/** Candidates of one program, by their indexes, and what its runner made of it. */
export type Group = Omit<ReadProgram, 'key'> & { readonly indexes: readonly number[] };

type Read = (sources: readonly Buffer[]) => Promise<NormalisedMessage | undefined>;

/** In `containers` parts at most, side by side; `read` answers undefined where a part crashed the compiler. */
export const readPrograms = async (
  texts: readonly string[],
  containers: number,
  read: Read,
): Promise<ReadProgram[]> => {
  const each = Math.max(AT_LEAST, Math.ceil(texts.length / containers));
  const parts = Array.from({ length: Math.ceil(texts.length / each) }, (_, part) =>
    texts.slice(part * each, (part + 1) * each),
  );
  const found = await Promise.all(parts.map((part) => readPart(part.map(encodeSource), read)));
  return found.flat();
};

/**
 * Where one crashes the compiler it is found by halves: which programs are equal must not depend on what they were read
 * with, for that depends on the number of containers.
 */
const readPart = async (sources: readonly Buffer[], read: Read): Promise<ReadProgram[]> => {
  const message = await read(sources);
  if (message || sources.length === 1) return sources.map((_, index) => readProgram(message, index));
  const half = Math.ceil(sources.length / 2);
  const first = await readPart(sources.slice(0, half), read);
  return [...first, ...(await readPart(sources.slice(half), read))];
};

const readProgram = (message: NormalisedMessage | undefined, index: number): ReadProgram => {
  const form = message?.forms[index];
  return {
    key: message?.keys[index] ?? undefined,
    unchanging: message?.unchanging[index] ?? false,
    form: typeof form === 'string' ? Buffer.from(form, 'base64') : undefined,
  };
};

/** Texts of one program become one group under the first of them; `read` follows the groups’ order. */
export const mergedGroups = (
  groups: ReadonlyMap<string, readonly number[]>,
  read: readonly ReadProgram[],
): Map<string, Group> => {
  const merged = new Map<string, Group>();
  const first = new Map<string, string>();
  [...groups].forEach(([text, indexes], at) => {
    const { key = `text ${at}`, unchanging, form } = read[at] ?? unread;
    const representative = first.get(key) ?? text;
    first.set(key, representative);
    const known = merged.get(representative);
    merged.set(
      representative,
      known
        ? { ...known, indexes: [...known.indexes, ...indexes] }
        : { indexes: [...indexes], unchanging, form },
    );
  });
  return merged;
};
