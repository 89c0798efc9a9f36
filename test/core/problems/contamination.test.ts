import { describe, expect, it } from 'vitest';
import { Contamination } from '../../../core/problems/contamination.ts';
import { markDuplicates } from '../../../core/problems/duplicates.ts';
import { normalisedProgram } from '../../../core/python/normalised-program.ts';

const reference = {
  id: 'HumanEval/0',
  prompt: `def close(numbers: list[float], threshold: float) -> bool:
    """Check if in a given list of numbers there are any two numbers closer to each other than the threshold."""
`,
  solution: `    for i, a in enumerate(numbers):
        for j, b in enumerate(numbers):
            if i != j and abs(a - b) < threshold:
                return True
    return False
`,
};

const renamed = `from typing import List

def near(values, limit):
    # Compare all pairs.
    for k, left in enumerate(values):
        for m, right in enumerate(values):
            if k != m and abs(left - right) < limit:
                return True

    return False
`;

const contamination = (): Contamination => {
  const benchmarks = new Contamination();
  benchmarks.add('humaneval', reference);
  return benchmarks;
};

describe('Contamination', () => {
  it('finds thirteen words in a row, whatever stands around them', () => {
    const text = 'Say whether in a given list of numbers there are ANY two numbers, closer to each!';
    expect(contamination().ofText(text)).toEqual({
      benchmark: 'humaneval',
      id: 'HumanEval/0',
      by: '13-gram',
    });
    expect(contamination().ofText(text.replace('two', '2'))).toBeUndefined();
  });

  it('finds the same program under other names, without its hints and comments', () => {
    expect(contamination().ofProgram(renamed)).toMatchObject({ id: 'HumanEval/0', by: 'program' });
    expect(contamination().ofProgram(renamed.replace('return True', 'return False'))).toBeUndefined();
  });

  it('finds a syntax tree of a benchmark’s among those of a program, and tells of equal tokens first', () => {
    const benchmarks = new Contamination();
    benchmarks.add('humaneval', reference, ['whole', 'body']);
    benchmarks.add('humaneval', { id: 'HumanEval/1', prompt: 'def g():', solution: ' pass' }, ['body']);
    const found = { benchmark: 'humaneval', id: 'HumanEval/0' };
    expect(benchmarks.ofProgram('other code', ['another', 'body'])).toEqual({ ...found, by: 'tree' });
    expect(benchmarks.ofProgram(renamed, ['body'])).toEqual({ ...found, by: 'program' });
    expect(benchmarks.ofProgram('other code', ['another'])).toBeUndefined();
    expect(benchmarks.ofProgram('other code')).toBeUndefined();
  });

  it('says nothing of programs that are short enough to be equal by chance', () => {
    const benchmarks = new Contamination();
    benchmarks.add('b', { id: '1', prompt: 'def f(a, b):\n', solution: '    return a + b\n' });
    expect(benchmarks.ofProgram('def g(x, y):\n    return x + y\n')).toBeUndefined();
  });

  it('keeps problems out that a benchmark asks', () => {
    const docstring = 'Check if in a given list of numbers there are any two numbers closer to each other.';
    const problem = {
      id: 'p0001',
      domain: 'basic-algorithm' as const,
      topic: 't',
      functionName: 'f',
      signature: 'def f(x: int) -> int:',
      docstring,
    };
    const rating = { score: 1, reason: '', scores: {}, distribution: {} };
    const { problems, contaminated } = markDuplicates([{ problem, rating, refined: false, accepted: true }], {
      limit: 1,
      similarity: 1,
      benchmarks: contamination(),
    });
    expect(problems[0]).toMatchObject({ accepted: false, reason: 'overlaps humaneval' });
    expect(contaminated).toEqual([
      { problemId: 'p0001', overlap: { benchmark: 'humaneval', id: 'HumanEval/0', by: '13-gram' } },
    ]);
  });
});

describe('normalisedProgram', () => {
  it.each([
    ['x = 1 # one', 'y = 1', true],
    ['x = (1 +\n  2)', 'x = (1 + 2)', true],
    [
      'def f(a: dict[str, int] = {}, *b: int) -> list[int]:\n  return a',
      'def g(c={}, *d):\n    return c',
      true,
    ],
    ['def f(a):\n  """Doc."""\n  return a', 'def f(a):\n  return a', true],
    ['if a:\n  b()\n  c()', 'if a:\n  b()\nc()', false],
    ['a.x', 'a.y', false],
    ['a + b', 'a + a', false],
    ['len(a)', 'sum(a)', false],
    ["x = 'a'", "x = 'b'", false],
    ['x = a[1:2]', 'x = a[1]', false],
  ])('of %j and %j: equal is %s', (left, right, equal) => {
    const [one, other] = [normalisedProgram(left).join(' '), normalisedProgram(right).join(' ')];
    expect(one === other).toBe(equal);
  });
});
