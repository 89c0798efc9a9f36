import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  ArchivedIteration,
  archive,
  briefOf,
  briefsOf,
  type IterationHistory,
  takeBack,
  toArchive,
} from '../../../core/report/iteration-brief.ts';
import type { IterationRecord } from '../../../core/report/iteration-record.ts';
import { recordsOf, workWith } from './records.ts';

const manyRecords = (count: number): IterationRecord[] => {
  const [base, trained] = recordsOf();
  if (!base || !trained) throw new Error('There are two records at least.');
  return [base, ...Array.from({ length: count }, (_, index) => ({ ...trained, n: index + 1 }))];
};
const stored = (records: readonly IterationRecord[]) =>
  records.map(({ n }) => ({ n, record: 'ab12cd34ab12cd34' }));

it('keeps what decisions look at', () => {
  const outcomes = { consensus: 5, failed: 2, 'no-consensus': 4 };
  const work = workWith({ problems: { ...workWith().problems, outcomes }, uncheckedWinners: 1 });
  const [, record] = recordsOf();
  const stages = { solve: { tokens: 70, seconds: 1 }, validation: { tokens: 5, seconds: 2 } };
  expect(briefOf({ n: 1, evaluation: [], ...record, work, stages })).toEqual({
    n: 1,
    work: { from: 'base', accepted: 12, withConsensus: 5, unfinished: 3, pairs: 5 },
    training: { loss: 0.4123 },
    passAt1: 0.5,
    tokens: { all: 75, measuring: 5 },
  });
  expect(briefOf({ n: 0, evaluation: [], stages: {} })).toEqual({
    n: 0,
    passAt1: null,
    tokens: { all: 0, measuring: 0 },
  });
});

it('archives all but the base and the last', () => {
  expect(toArchive(manyRecords(4)).map(({ n }) => n)).toEqual([1, 2, 3]);
  expect(toArchive(manyRecords(1))).toEqual([]);
  expect(toArchive([])).toEqual([]);
});

it('knows the same of a campaign, whichever records are archived, and gets each back', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 8 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 8 })),
      (count, chosen) => {
        const records = manyRecords(count);
        const apart = records.filter(({ n }) => chosen.includes(n));
        let history: IterationHistory = archive({ records }, stored(apart));
        expect(briefsOf(history)).toEqual(records.map(briefOf));
        expect(history.records).toHaveLength(records.length - apart.length);
        for (const record of apart) history = takeBack(history, record);
        expect(history).toEqual({ records, archived: [] });
      },
    ),
  );
});

it('has room for a hundred iterations in a third of a message', () => {
  const { archived } = archive({ records: manyRecords(100) }, stored(manyRecords(100).slice(1)));
  expect(archived.every((one) => ArchivedIteration.safeParse(one).success)).toBe(true);
  expect(JSON.stringify(archived).length).toBeLessThan(22 * 1024);
});
