/** A store as it would be if somebody had changed it: what is read is another's, and nothing is written. */
import { createHash } from 'node:crypto';
import { parseJson, parseJsonLines } from '../../../activities/store/json-documents.ts';
import type { Examined } from './examined.ts';

/** The body of each key that differs; null where it is missing. */
export type Changes = Readonly<Record<string, Buffer | string | null>>;

export const doctoredStore = (store: Examined['store'], changes: Changes): Examined['store'] => {
  const changed = new Map(Object.entries(changes));
  const read = async (key: string): Promise<Buffer> => {
    const body = changed.get(key);
    if (body === null) throw new Error(`There is no ${key}.`);
    return body === undefined ? store.read(key) : Buffer.from(body);
  };
  return {
    read,
    readJson: async (key, schema) => parseJson(await read(key), schema, key),
    readJsonLines: async (key, schema) => parseJsonLines(await read(key), schema, key),
    list: async (prefix) => {
      const stored = (await store.list(prefix)).filter(({ key }) => !changed.has(key));
      const others = [...changed].flatMap(([key, body]) =>
        body !== null && key.startsWith(prefix)
          ? [{ key, size: Buffer.from(body).length, sha256: createHash('sha256').update(body).digest('hex') }]
          : [],
      );
      return [...stored, ...others].sort((a, b) => (a.key < b.key ? -1 : 1));
    },
  };
};
