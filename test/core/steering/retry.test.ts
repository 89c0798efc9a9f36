import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RETRY_POINTS, RetryRequest, readRequest } from '../../../core/steering/requests.ts';
import { checkRetry, startRetry } from '../../../core/steering/retry.ts';
import { recordsOf, workWith } from '../report/records.ts';

const failedWork = workWith({ problems: { ...workWith().problems, outcomes: { consensus: 5, failed: 1 } } });
const view = (changes: object = {}) => ({
  records: recordsOf(),
  current: 2,
  openFailed: { iteration: 0, failed: 0 },
  ...changes,
});
const given = (changes: object = {}) => ({
  records: recordsOf(),
  revisions: {},
  heldout: { iteration: 1, questions: 4 },
  current: 2,
  ...changes,
});

it('takes an empty request as one for the failed problems', () => {
  expect(readRequest(RetryRequest, {})).toEqual({ from: 'failed', by: 'somebody', reason: '' });
  expect(() => readRequest(RetryRequest, { from: 'tests' })).toThrow(/from/);
  expect(() => readRequest(RetryRequest, { iteration: 0 })).toThrow(/iteration/);
});

it('says why there is nothing to do again', () => {
  const check = (iteration: number, from: (typeof RETRY_POINTS)[number], changes: object = {}) => {
    checkRetry({ iteration, from }, view(changes));
  };
  expect(() => check(1, 'failed', { current: 0 })).toThrow(/base model is being measured/);
  expect(() => check(3, 'problems')).toThrow(/has not begun/);
  expect(() => check(1, 'failed')).toThrow(/No problem of iteration 1 failed/);
  expect(() => check(2, 'train')).toThrow(/no problem of this iteration has a consensus/);
  expect(() => check(2, 'validate')).toThrow(/no checkpoint/);
  check(1, 'train');
  check(1, 'validate');
  check(1, 'problems');
});

it('counts failures of a finished iteration by its record, of the one at hand by what it told', () => {
  const records = recordsOf().map((record) => (record.n === 1 ? { ...record, work: failedWork } : record));
  checkRetry({ iteration: 1, from: 'failed' }, view({ records }));
  const unchecked = recordsOf().map((record) =>
    record.n === 1 ? { ...record, work: workWith({ uncheckedWinners: 1 }) } : record,
  );
  checkRetry({ iteration: 1, from: 'failed' }, view({ records: unchecked }));
  checkRetry({ iteration: 3, from: 'failed' }, view({ current: 3, openFailed: { iteration: 3, failed: 2 } }));
});

it('keeps the dataset where training is done again, the checkpoint where only validation is', () => {
  const trained = startRetry({ iteration: 1, from: 'train' }, given());
  expect(trained.records.at(-1)).toMatchObject({ n: 1, work: workWith(), evaluation: [] });
  expect(trained.records.at(-1)).not.toHaveProperty('training');
  expect(trained.heldout).toEqual({ iteration: 1, questions: 4 });
  const validated = startRetry({ iteration: 1, from: 'validate' }, given());
  expect(validated.records.at(-1)?.training).toEqual(recordsOf()[1]?.training);
  expect(validated.records.at(-1)).not.toHaveProperty('validation');
});

it('forgets the held-out problems with the iteration they come from, and the base’s score on them', () => {
  for (const from of ['failed', 'problems'] as const) {
    const { records, heldout, revisions } = startRetry({ iteration: 1, from }, given());
    expect(records.map(({ n }) => n)).toEqual([0]);
    expect(heldout).toBeNull();
    expect(records[0]).not.toHaveProperty('validation');
    expect(records[0]?.evaluation).toEqual(recordsOf()[0]?.evaluation);
    expect(revisions[0]).toEqual({ validation: 1 });
  }
  expect(startRetry({ iteration: 2, from: 'problems' }, given()).heldout).not.toBeNull();
});

it('counts the tokens that are paid for again, and no others', () => {
  // Iteration 2 goes, and with it 800; iteration 1 measured nothing with tokens, and its 9,000 stay paid.
  expect(startRetry({ iteration: 1, from: 'failed' }, given()).droppedTokens).toBe(800);
  expect(startRetry({ iteration: 1, from: 'problems' }, given()).droppedTokens).toBe(9800);
  expect(startRetry({ iteration: 2, from: 'problems' }, given()).droppedTokens).toBe(800);
});

it('leaves earlier iterations alone, and never loses or doubles one', () => {
  const point = fc.constantFrom(...RETRY_POINTS);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), point, (iteration, from) => {
      const { records } = startRetry({ iteration, from }, given({ current: 3, heldout: null }));
      const kept = recordsOf().filter(({ n }) => n < iteration);
      expect(records.slice(0, kept.length)).toEqual(kept);
      expect(records.map(({ n }) => n)).toEqual(records.map((_, index) => index));
      expect(records.every(({ n }) => n <= iteration)).toBe(true);
    }),
  );
});
