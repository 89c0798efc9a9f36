/** One object of a campaign's store as it must not be, and the invariant that it breaks. */
import { z } from 'zod';
import { toJson, toJsonLines } from '../../../activities/store/json-documents.ts';
import { Matrix } from '../../../core/execution/batch.ts';
import { layout } from '../../../core/layout.ts';
import type { Changes } from './doctored-store.ts';
import type { Examined } from './examined.ts';

const Named = z.looseObject({ id: z.string() });
type Named = z.infer<typeof Named>;

/** Changes to what the first iteration of a campaign stored of one problem. */
export const doctored = (store: Examined['store'], at: { campaignId: string; problem: string }) => {
  const matrixKeyOf = (problem: string): string => layout.matrix(at, 1, problem);
  const matrixKey = matrixKeyOf(at.problem);
  const chunkKey = layout.candidates(at, 1, at.problem, 0);
  const verdictsKey = async (): Promise<string> => {
    const [found] = await store.list(`${layout.campaignPrefix(at.campaignId)}iterations/1/work/verdicts/`);
    return found?.key ?? '';
  };
  const linesBut = async (key: string, change: (lines: Named[]) => unknown[]): Promise<Changes> => ({
    [key]: toJsonLines(change(await store.readJsonLines(key, Named))),
  });
  return {
    ...{ store, matrixKeyOf, matrixKey, verdictsKey },
    matrixBut: async (change: (matrix: Matrix) => Matrix): Promise<Changes> => ({
      [matrixKey]: toJson(change(await store.readJson(matrixKey, Matrix))),
    }),
    chunkBut: (change: (lines: Named[]) => unknown[]) => linesBut(chunkKey, change),
    verdictsBut: async (change: (lines: Named[]) => unknown[]) => linesBut(await verdictsKey(), change),
  };
};
type Doctor = ReturnType<typeof doctored>;

/** The first member as `change` makes it; none where it makes undefined. */
export const withFirst = <T>(list: readonly T[], change: (first: T) => T[]): T[] => [
  ...list.slice(0, 1).flatMap(change),
  ...list.slice(1),
];

type Doctoring = [what: string, invariant: string, changes: (doctor: Doctor) => Promise<Changes>];

export const OF_ONE_OBJECT: readonly Doctoring[] = [
  ['a matrix that is missing', 'I1', async ({ matrixKey }) => ({ [matrixKey]: null })],
  [
    'a matrix of no problem',
    'I1',
    async ({ matrixKeyOf, matrixKey, store }) => ({ [matrixKeyOf('p9999')]: await store.read(matrixKey) }),
  ],
  [
    'a matrix of another problem',
    'I1',
    ({ matrixBut }) => matrixBut((matrix) => ({ ...matrix, id: 'p9999' })),
  ],
  [
    'a verdict that is missing',
    'I1',
    ({ matrixBut }) =>
      matrixBut(({ candidates, ...matrix }) => ({
        ...matrix,
        candidates: withFirst(candidates, (c) => [{ ...c, outcomes: c.outcomes.slice(1) }]),
      })),
  ],
  [
    'a verdict that is there twice',
    'I1',
    ({ matrixBut }) =>
      matrixBut(({ candidates, ...matrix }) => ({
        ...matrix,
        candidates: withFirst(candidates, (c) => [
          { ...c, outcomes: withFirst(c.outcomes, (outcome) => [outcome, outcome]) },
        ]),
      })),
  ],
  [
    'an output that is missing',
    'I1',
    ({ matrixBut }) =>
      matrixBut(({ candidates, ...matrix }) => ({
        ...matrix,
        candidates: withFirst(candidates, (c) => [{ ...c, outputs: c.outputs.slice(1) }]),
      })),
  ],
  [
    'a test that all candidates lack',
    'I1',
    ({ matrixBut }) =>
      matrixBut(({ candidates, tests, ...matrix }) => ({
        ...matrix,
        tests: tests.slice(1),
        candidates: candidates.map((c) => ({
          ...c,
          outcomes: c.outcomes.slice(1),
          outputs: c.outputs.slice(1),
        })),
      })),
  ],
  [
    'a test that stands twice in place of another',
    'I1',
    ({ matrixBut }) =>
      matrixBut(({ tests, ...matrix }) => ({
        ...matrix,
        tests: withFirst(tests, () => [tests[1] ?? '']),
      })),
  ],
  [
    'a candidate that was not judged',
    'I1',
    ({ matrixBut }) => matrixBut((matrix) => ({ ...matrix, candidates: matrix.candidates.slice(1) })),
  ],
  [
    'a candidate that was judged twice',
    'I1',
    ({ matrixBut }) =>
      matrixBut((matrix) => ({ ...matrix, candidates: withFirst(matrix.candidates, (c) => [c, c]) })),
  ],
  [
    'a candidate that was sampled and is not stored',
    'I1',
    ({ chunkBut }) => chunkBut((lines) => lines.slice(1)),
  ],
  [
    'a candidate that is stored twice',
    'I1',
    ({ chunkBut }) => chunkBut((lines) => withFirst(lines, (c) => [c, c])),
  ],
  ['answers that were never judged', 'I1', async ({ verdictsKey }) => ({ [await verdictsKey()]: null })],
  [
    'an answer that was judged twice',
    'I1',
    ({ verdictsBut }) => verdictsBut((lines) => withFirst(lines, (a) => [a, a])),
  ],
  ['verdicts without an answer', 'I1', ({ verdictsBut }) => verdictsBut(() => [])],
  ...(['timeout', 'memory', 'crash', 'flaky', 'not-run', 'output-limit'] as const).map(
    (outcome): Doctoring => [
      `a failure of ours as a candidate's: ${outcome}`,
      'I6',
      ({ matrixBut }) =>
        matrixBut(({ candidates, ...matrix }) => ({
          ...matrix,
          candidates: withFirst(candidates, (c) => [
            { ...c, outcomes: withFirst(c.outcomes, () => [outcome]) },
          ]),
        })),
    ],
  ),
  [
    'a failure of ours as an answer’s',
    'I6',
    ({ verdictsBut }) => verdictsBut((lines) => withFirst(lines, (a) => [{ ...a, outcomes: ['not-run'] }])),
  ],
];
