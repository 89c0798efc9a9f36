/** I2: the result is that of the undisturbed campaign, byte for byte. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { z } from 'zod';
import { isCurrent, layout } from '../../../core/layout.ts';
import { type Examined, placeOf } from './examined.ts';

const Manifest = z.object({
  objects: z.array(z.object({ key: z.string(), size: z.int(), sha256: z.string() })),
});

/** Hash of every object of the result by key, the campaign's own name taken out of both. */
export type CampaignResult = Readonly<Record<string, string>>;

const sha256 = (body: Buffer | string): string => createHash('sha256').update(body).digest('hex');

/** A retry changes where what is made again lies, and what is named after that place: ids of training jobs, too. */
const OF_A_RETRY = /\/work\/training\/|\/checkpoint\/manifest\.json$/;
const withoutRevisions = (text: string): string =>
  text
    .replaceAll(/(iterations\/|iteration-)(\d+)\.r\d+/g, '$1$2')
    .replace(/,\s*"revisions": \{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/, '');

/**
 * What manifest.json lists, each object compared with its size and hash there, and that with what is stored; after a
 * retry, what does not depend on it.
 */
export const resultOf = async (
  { store }: Pick<Examined, 'store'>,
  name: string,
  { isRetried = false } = {},
): Promise<CampaignResult> => {
  const { objects } = await store.readJson(layout.manifest(name), Manifest);
  expect(
    objects.map(({ key }) => key).sort(),
    'I2: the manifest lists what is stored, each object once',
  ).toEqual(await storedKeys({ store }, name));
  const plain = (text: string): string => {
    const nameless = text.replaceAll(name, 'NAME');
    return isRetried ? withoutRevisions(nameless) : nameless;
  };
  const entries = await Promise.all(
    objects.map(async ({ key, size, sha256: listed }) => {
      const body = await store.read(key);
      expect({ size: body.length, sha256: sha256(body) }, `I2: ${key} is what the manifest lists`).toEqual({
        size,
        sha256: listed,
      });
      return [plain(key), sha256(plain(body.toString('latin1')))] as const;
    }),
  );
  const kept = entries.filter(([key]) => !isRetried || !OF_A_RETRY.test(key));
  const result = Object.fromEntries(kept);
  expect(Object.keys(result), 'I2: no two objects are one').toHaveLength(kept.length);
  return result;
};

/** What belongs to a result: all but documents that tell of the run, and what a retry left behind. */
const storedKeys = async ({ store }: Pick<Examined, 'store'>, name: string): Promise<string[]> => {
  const at = await placeOf({ store }, name);
  const { operations, report, reportJson, manifest, standing } = layout;
  const apart = [operations, report, reportJson, manifest, standing].map((keyOf) => keyOf(name));
  return (await store.list(layout.campaignPrefix(name)))
    .map(({ key }) => key)
    .filter((key) => !apart.includes(key) && !key.startsWith(layout.faults(name)) && isCurrent(at, key))
    .sort();
};

/** `apart`: keys whose content may differ; both have them. */
export const isTheUndisturbed = (
  result: CampaignResult,
  reference: CampaignResult,
  { apart, isRetried }: { apart: readonly string[]; isRetried: boolean },
): void => {
  const compared = (of: CampaignResult): CampaignResult =>
    Object.fromEntries(
      Object.entries(of)
        .filter(([key]) => !isRetried || !OF_A_RETRY.test(key))
        .map(([key, hash]) => [key, apart.includes(key) ? 'apart' : hash]),
    );
  const expected = compared(reference);
  expect(Object.keys(expected).length, 'I2: there is something to compare with').toBeGreaterThan(0);
  expect(compared(result), 'I2: the result is that of the undisturbed run').toEqual(expected);
};
