import { describe, expect, it } from 'vitest';
import { parseAssertion } from '../../../core/python/assertion.ts';

describe('parseAssertion', () => {
  it.each([
    ['assert f(1, 2) == 3', 'f(1, 2)', '3'],
    ['assert f("a) == b", [1]) == {"x": (1, 2)}, "message"', 'f("a) == b", [1])', '{"x": (1, 2)}'],
    ['assert f(x) is None', 'f(x)', 'None'],
    ['assert f([])', 'f([])', 'True'],
    ['assert not f([])', 'f([])', 'False'],
    ['assert f([0] * 1000) == -1  # large', 'f([0] * 1000)', '-1'],
    ['assert f(\n    1,\n    2,\n) == [\n    3,\n]', 'f( 1, 2, )', '[ 3, ]'],
  ])('takes %j apart', (statement, call, expected) => {
    expect(parseAssertion(statement, 'f')).toEqual({ ok: true, value: { call, expected } });
  });

  it.each([
    ['f(1) == 2', 'not-an-assert-of-a-call'],
    ['assert g(1) == 2', 'assert-of-another-function'],
    ['assert f(1) == g(2)', 'expected-not-a-literal'],
    ['assert f(1) == 2 or True', 'expected-not-a-literal'],
    ['assert f(1) != 2', 'assert-of-another-form'],
    ['assert not f(1) == 2', 'assert-of-another-form'],
    ['assert f(1) is not None', 'assert-of-another-form'],
    ['assert f(1, ', 'assert-incomplete'],
    ['assert f("a', 'assert-incomplete'],
    ['assert f(1).x == 2', 'assert-of-another-form'],
  ])('refuses %j', (statement, reason) => {
    expect(parseAssertion(statement, 'f')).toEqual({ ok: false, reason });
  });

  it('refuses what no person would read', () => {
    const statement = `assert f("${'a'.repeat(3000)}") == 1`;
    expect(parseAssertion(statement, 'f')).toEqual({ ok: false, reason: 'assert-too-long' });
  });
});
