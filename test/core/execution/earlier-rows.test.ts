import { expect, test } from 'vitest';
import type { Outcome } from '../../../core/execution/batch.ts';
import { wholeRows } from '../../../core/execution/earlier-rows.ts';

const ran = (id: string, code: string | undefined, ...outcomes: Outcome[]) => ({
  code,
  result: { id, outcomes, outputs: outcomes.map(() => null), durationMs: 0 },
});

test('the first whole row of each text may be taken', () => {
  const rows = wholeRows([
    ran('c1', 'a', 'pass', 'not-run'),
    ran('c2', 'a ', 'pass', 'timeout'),
    ran('c3', 'a\n', 'pass', 'fail'),
    ran('c4', 'b', 'error', 'memory'),
  ]);
  expect([...rows].map(([text, { id }]) => [text, id])).toEqual([
    ['a', 'c2'],
    ['b', 'c4'],
  ]);
});

test('no row that says less than a run: flaky ones, tests that were not run, answers without a program', () => {
  const rows = wholeRows([
    ran('c1', 'a', 'pass', 'flaky'),
    ran('c2', 'b', 'not-run', 'pass'),
    ran('c3', undefined, 'error', 'error'),
  ]);
  expect(rows.size).toBe(0);
});
