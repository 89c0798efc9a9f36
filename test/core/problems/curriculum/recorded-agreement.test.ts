/** Agreement in the place of success, on the recorded set: what docs/curriculum.md says of it. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { SelectionConfig } from '../../../../core/config/selection-config.ts';
import { measuredProblems } from '../../../../core/problems/curriculum/measured-problem.ts';
import { selectToStore } from '../../../../core/selection/stored-selection.ts';
import { readRecordedSet } from '../../../bench/selection/recorded-set.ts';

/** From 0; those that are equal share the mean of theirs. */
const ranksOf = (values: readonly number[]): number[] =>
  values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2;
  });

/** Pearson’s coefficient of the ranks (Spearman, 1904). */
const rankCorrelation = (a: readonly number[], b: readonly number[]): number => {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const middle = (a.length - 1) / 2;
  const product = (one: readonly number[], other: readonly number[]): number =>
    one.reduce((sum, rank, index) => sum + (rank - middle) * ((other[index] ?? 0) - middle), 0);
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
};

const problems = readRecordedSet();
const success = problems.map(({ matrix, right }) => right.size / matrix.candidates.length);

const agreementWith = (signature: 'output' | 'outcome'): number[] =>
  problems.map(({ matrix }) => {
    const selection = selectToStore(matrix, { ...SelectionConfig.parse({ signature }), seed: 0 });
    const problem = {
      ...{ id: matrix.id, domain: 'basic-algorithm' as const, topic: 't' },
      ...{ functionName: 'f', signature: 'def f(x: int) -> int:', docstring: '' },
    };
    const [measured] = measuredProblems(1, {
      problems: [{ problem, accepted: true }],
      selections: [{ ...selection, problemId: matrix.id }],
      ...{ tests: [], minimum: 2 },
    });
    return measured?.agreement ?? -1;
  });

describe('agreement on the recorded set', () => {
  it.each([
    ['output', 'returned values'],
    ['outcome', 'pass bits'],
  ] as const)('follows success with the signature %s as far as the docs say', async (signature, words) => {
    const correlation = rankCorrelation(agreementWith(signature), success);
    expect(correlation).toBeGreaterThan(0.5);
    const text = (await readFile('docs/curriculum.md', 'utf8')).replace(/\s+/g, ' ');
    expect(text).toContain(`the ${problems.length} recorded HumanEval problems`);
    expect(text).toContain(
      `${correlation.toFixed(2)} with ${signature === 'output' ? 'signatures of ' : ''}${words}`,
    );
  });
});
