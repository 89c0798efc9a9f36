import { describe, expect, it } from 'vitest';
import { categoryOf, readTests } from '../../../core/prompts/read-tests.ts';

const list = { functionName: 'f', signature: 'def f(numbers: list | str) -> int:' };
const number = { functionName: 'f', signature: 'def f(number: int) -> int:' };

describe('readTests', () => {
  it('takes asserts apart, drops repetitions and counts what it cannot use', () => {
    const answers = [
      { text: 'assert f([1]) == 1\nassert f([]) == 0\nassert f([1]) == 2\nassert g(1) == 1\nassert f([2' },
      { text: '```python\ndef test_f():\n    assert f("ä") == x\n    assert f([3]) == 3\n```' },
      { text: 'no tests' },
    ];
    const { tests, discarded } = readTests(answers, list, 3);
    expect(tests).toEqual([
      { id: 't001', call: 'f([1])', expected: '1', category: 'ordinary' },
      { id: 't002', call: 'f([])', expected: '0', category: 'empty' },
      { id: 't003', call: 'f([3])', expected: '3', category: 'ordinary' },
    ]);
    expect(discarded.sort()).toEqual([
      'assert-incomplete',
      'assert-of-another-function',
      'call-repeated',
      'expected-not-a-literal',
      'no-code-block',
    ]);
  });

  it('keeps no more than asked for', () => {
    const text = Array.from({ length: 9 }, (_, n) => `assert f(${n + 1}) == 1`).join('\n');
    const { tests, discarded } = readTests([{ text }], number, 5);
    expect(tests).toHaveLength(5);
    expect(discarded).toEqual(Array(4).fill('more-than-asked-for'));
  });

  it('discards calls that contradict the signature, with the reason', () => {
    const text = 'assert f(1, 2) == 3\nassert f("a") == 1\nassert f(size=1) == 1\nassert f(number=4) == 4';
    const { tests, discarded } = readTests([{ text }], number, 5);
    expect(tests.map(({ call }) => call)).toEqual(['f(number=4)']);
    expect(discarded).toEqual(['argument-count-mismatch', 'argument-type-mismatch', 'argument-unknown']);
  });

  it('keeps the category that was asked for', () => {
    const { tests } = readTests([{ text: 'assert f(1) == 1', category: 'large' }], number, 5);
    expect(tests[0]?.category).toBe('large');
  });
});

describe('categoryOf', () => {
  it.each([
    ['f([1, 2], "abc")', 'ordinary'],
    ['f("")', 'empty'],
    ['f([])', 'empty'],
    ['f("naïve")', 'unusual-characters'],
    ['f("a\\n")', 'unusual-characters'],
    ['f("x@y#z")', 'unusual-characters'],
    ['f(-3)', 'extreme'],
    ['f(0)', 'extreme'],
    ['f(10000000)', 'extreme'],
    ['f("ab" * 1000)', 'large'],
    ['f(list(range(1000)))', 'large'],
  ])('sorts %s under %s', (call, category) => {
    expect(categoryOf(call)).toBe(category);
  });
});
