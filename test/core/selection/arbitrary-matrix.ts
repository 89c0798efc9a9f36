/** Random matrices that are small and repetitive enough for ties, equal signatures and dropped tests to be common. */
import fc from 'fast-check';
import { RULE_NAMES, SIGNAL_NAMES } from '../../../core/config/selection-config.ts';
import { OUTCOMES, type Outcome } from '../../../core/execution/batch.ts';
import type { SelectionMatrix } from '../../../core/selection/selection-matrix.ts';

const ids = fc.constantFrom(
  'c1',
  'c2',
  'c9',
  'c10',
  'c01',
  'C1',
  'é',
  'z',
  '\u{1F600}',
  '\uFFFD',
  'a b',
  'c',
  '1',
  '-',
  '10',
  '2',
);
const texts = fc.constantFrom('1', '2', 'None', "'pass'", '[]', 'fail', 'True');
const perplexities = fc.constantFrom(undefined, null, 1, 1.02, 1.02, 1.5, 1e300);
const outcomes: fc.Arbitrary<Outcome> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Outcome>('pass', 'fail') },
  { weight: 1, arbitrary: fc.constantFrom(...OUTCOMES) },
);

type Row = { outcomes: Outcome[]; outputs: (string | null)[] };

/** Rows are drawn from a few prototypes, so that candidates agree. */
const rowsOf = (tests: number): fc.Arbitrary<Row[]> =>
  fc.array(
    fc.record({
      outcomes: fc.array(outcomes, { minLength: tests, maxLength: tests }),
      outputs: fc.array(fc.option(texts, { freq: 4 }), { minLength: tests, maxLength: tests }),
    }),
    { minLength: 1, maxLength: 4 },
  );

/** Tests on which nobody has an answer. */
const spoil = (rows: Row[], mask: boolean[]): Row[] =>
  rows.map((row) => ({
    ...row,
    outcomes: row.outcomes.map((outcome, t) =>
      mask[t] && (outcome === 'pass' || outcome === 'fail') ? 'error' : outcome,
    ),
  }));

const matricesOf = (numbersOfTests: fc.Arbitrary<number>): fc.Arbitrary<SelectionMatrix> =>
  numbersOfTests
    .chain((tests) =>
      fc.tuple(
        fc.constant(tests),
        rowsOf(tests),
        fc.uniqueArray(ids, { minLength: 0, maxLength: 12 }),
        fc.array(fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.boolean()), {
          minLength: tests,
          maxLength: tests,
        }),
        fc.array(fc.tuple(fc.nat({ max: 3 }), perplexities, fc.boolean()), { minLength: 12, maxLength: 12 }),
        fc.boolean(),
      ),
    )
    .map(([tests, prototypes, candidateIds, mask, draws, asObjects]) => {
      const rows = spoil(prototypes, mask);
      return {
        id: 'p1',
        tests: Array.from({ length: tests }, (_, t) =>
          asObjects ? { id: `t${t}`, call: `f(${t})` } : `t${t}`,
        ),
        candidates: candidateIds.map((id, position) => {
          const [choice, perplexity, withoutOutputs] = draws[position] ?? [0, undefined, false];
          const row = rows[choice % rows.length] ?? { outcomes: [], outputs: [] };
          const { outcomes: rowOutcomes, outputs } = row;
          return {
            id,
            outcomes: [...rowOutcomes],
            ...(withoutOutputs && outputs.every((text) => text === null) ? {} : { outputs: [...outputs] }),
            ...(perplexity === undefined ? {} : { perplexity }),
          };
        }),
      };
    });

export const arbitraryMatrix = matricesOf(fc.integer({ min: 0, max: 10 }));

/** Around whole words of packed outcomes. */
export const arbitraryWideMatrix = matricesOf(fc.constantFrom(29, 30, 31, 34, 59, 60, 61, 95));

export const arbitraryFlags = fc.record({
  signature: fc.constantFrom<'outcome' | 'output'>('outcome', 'output'),
  reliability: fc.constantFrom<'executes' | 'passes'>('executes', 'passes'),
  minReliability: fc.constantFrom('0', '0.1', '0.3', '0.5', '0.6', '0.7', '0.8', '0.9', '0.123', '1'),
  minClusterSize: fc.integer({ min: 1, max: 4 }),
});

/** Settings beyond the contract's flags. */
export const arbitrarySignals = fc.record({
  tieBreakers: fc.uniqueArray(fc.constantFrom(...SIGNAL_NAMES)),
  vetoes: fc.array(
    fc.record({ signal: fc.constantFrom(...SIGNAL_NAMES), max: fc.constantFrom(0.5, 1.02, 1.5) }),
    { maxLength: 2 },
  ),
  nonTrivial: fc.uniqueArray(fc.constantFrom(...RULE_NAMES)),
  maxFlakyShare: fc.constantFrom(0, 0.2, 1),
});
