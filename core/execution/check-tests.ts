/** Which of a model's tests can be used: decided from running their arguments twice through a function that echoes. */

import type { LimitsConfig } from '../config/campaign-config.ts';
import type { TestCase } from '../problems/test-case.ts';
import { echoFunction } from '../python/echo-function.ts';
import { PYTHON } from '../python/language.ts';
import type { Batch, Matrix } from './batch.ts';

export type DroppedTest = { id: string; reason: string };
export type CheckedTests = { tests: TestCase[]; dropped: DroppedTest[] };

/** A test is usable where both runs return the same arguments; what it expects is not looked at. */
export const echoBatch = (
  problemId: string,
  functionName: string,
  tests: readonly TestCase[],
  limits: LimitsConfig,
): Batch => ({
  id: problemId,
  language: PYTHON,
  tests: tests.map(({ id, call, expected }) => ({ id, call, expected })),
  candidates: [1, 2].map((run) => ({ id: `echo-${run}`, code: echoFunction(functionName, run) })),
  limits: { ...limits, repeat: 1, earlyExit: false },
});

export const checkedTests = (tests: readonly TestCase[], matrix: Matrix): CheckedTests => {
  const [first, second] = matrix.candidates;
  const positionOf = new Map(matrix.tests.map((id, position) => [id, position]));
  const invalid = new Map(matrix.invalidTests.map(({ id, reason }) => [id, reason]));
  const seen = new Set<string>();
  const checked: CheckedTests = { tests: [], dropped: [] };

  const faultOf = (test: TestCase): string | undefined => {
    const why = invalid.get(test.id);
    if (why !== undefined)
      return why.startsWith('the expected') ? 'expected is no literal' : 'does not compile';
    const position = positionOf.get(test.id) ?? -1;
    const output = first?.outputs[position];
    const other = second?.outputs[position];
    if (typeof output !== 'string' || typeof other !== 'string') return 'cannot run';
    if (output !== other) return 'differs between two runs';
    if (seen.has(output)) return 'repeats another test';
    seen.add(output);
    return undefined;
  };

  for (const test of tests) {
    const reason = faultOf(test);
    if (reason === undefined) checked.tests.push(test);
    else checked.dropped.push({ id: test.id, reason });
  }
  return checked;
};
