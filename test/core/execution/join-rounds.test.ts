import { expect, test } from 'vitest';
import type { Matrix } from '../../../core/execution/batch.ts';
import { joinRounds } from '../../../core/execution/join-rounds.ts';

const round = (candidate: string, inProcess?: string[]): Matrix => ({
  id: 'p0001',
  tests: ['t1', 't2', 't3'],
  invalidTests: [{ id: 't0', reason: 'does not compile' }],
  ...(inProcess ? { inProcess } : {}),
  candidates: [
    { id: candidate, outcomes: ['pass', 'fail', 'error'], outputs: ['1', '2', null], durationMs: 0 },
  ],
});

test('rounds become one matrix of all their candidates, in their order', () => {
  const joined = joinRounds([round('c1'), round('c2')]);
  expect(joined.candidates.map(({ id }) => id)).toEqual(['c1', 'c2']);
  expect(joined).toEqual({ ...round('c1'), candidates: joined.candidates });
  expect(joined).not.toHaveProperty('inProcess');
});

test('a test that any round’s programs had a part in judging is marked', () => {
  expect(joinRounds([round('c1', ['t3']), round('c2'), round('c3', ['t1', 't3'])]).inProcess).toEqual([
    't1',
    't3',
  ]);
});
