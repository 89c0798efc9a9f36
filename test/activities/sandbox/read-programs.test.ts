import { expect, test } from 'vitest';
import { mergedGroups, type ReadProgram, readPrograms } from '../../../activities/sandbox/read-programs.ts';

const program = (key: string | undefined, unchanging = false): ReadProgram => ({
  key,
  unchanging,
  form: key === undefined ? undefined : Buffer.from(key),
});

test('several containers read the programs side by side, each its part, in the order of asking', async () => {
  const texts = Array.from({ length: 50 }, (_, index) => `x = ${index}`);
  const parts: number[] = [];
  const read = await readPrograms(texts, 3, async (sources) => {
    parts.push(sources.length);
    return readAll(sources);
  });
  expect(parts).toEqual([17, 17, 16]);
  expect(read.map(({ key }) => key)).toEqual(texts);
  expect(read.map(({ form }) => form?.toString())).toEqual(texts);
});

const readAll = async (sources: readonly Buffer[]) => {
  const keys = sources.map(String);
  const forms = sources.map((source) => source.toString('base64'));
  return { op: 'normalised' as const, id: 0, keys, unchanging: keys.map(() => true), forms };
};

test('few programs are not spread', async () => {
  const parts: number[] = [];
  await readPrograms(['a', 'b', 'c'], 2, async (sources) => {
    parts.push(sources.length);
    return readAll(sources);
  });
  expect(parts).toEqual([3]);
});

test('what crashes the compiler spoils the reading of none beside it', async () => {
  const texts = Array.from({ length: 40 }, (_, index) => `x = ${index}`);
  const crashing = new Set(['x = 0', 'x = 21', 'x = 22']);
  for (const containers of [1, 2, 3]) {
    const read = await readPrograms(texts, containers, async (sources) =>
      sources.some((source) => crashing.has(String(source))) ? undefined : readAll(sources),
    );
    expect(read.map(({ key }) => key)).toEqual(texts.map((text) => (crashing.has(text) ? undefined : text)));
  }
});

test('what crashed the compiler stays what its text says', async () => {
  expect(await readPrograms(['a'], 1, async () => undefined)).toEqual([program(undefined)]);
});

test('texts of one program become one group under the first of them', () => {
  const groups = new Map([
    ['a', [0]],
    ['b', [1, 4]],
    ['a # same', [2]],
    ['c', [3]],
  ]);
  const read = [program('k', true), program(undefined), program('k', true), program(undefined)];
  const merged = mergedGroups(groups, read);
  expect([...merged].map(([text, { indexes }]) => [text, indexes])).toEqual([
    ['a', [0, 2]],
    ['b', [1, 4]],
    ['c', [3]],
  ]);
  expect(merged.get('a')).toMatchObject({ unchanging: true, form: Buffer.from('k') });
});

test('programs that were not read are told apart by their text', () => {
  expect([
    ...mergedGroups(
      new Map([
        ['a', [0]],
        ['b', [1]],
      ]),
      [],
    ).keys(),
  ]).toEqual(['a', 'b']);
});
