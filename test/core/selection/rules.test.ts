import { describe, expect, it } from 'vitest';
import { RULE_NAMES } from '../../../core/config/selection-config.ts';
import { callArguments } from '../../../core/selection/call-arguments.ts';
import { doesNothing } from '../../../core/selection/does-nothing.ts';
import { NON_TRIVIAL_RULES } from '../../../core/selection/rules/registry.ts';
import { select } from '../../../core/selection/select.ts';
import { matrixOf, row } from './matrix-of.ts';
import { policyWith } from './policy.ts';

describe('rules against trivial clusters', () => {
  it('has each rule under the name of its setting, the paper’s own among them', () => {
    const names = NON_TRIVIAL_RULES.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([...RULE_NAMES]));
    expect(new Set(names).size).toBe(names.length);
  });

  it('are off unless named', () => {
    const matrix = matrixOf({ c1: row('pf', '0', '0'), c2: row('pf', '0', '0') });
    const selection = select(matrix, policyWith());
    expect(selection.selected).toBe('c1');
    expect(selection.rules.map(({ rule }) => rule)).toEqual(['minimum-size', 'some-pass']);
  });

  it('refuse one value for different inputs, and not for one input asked twice', () => {
    const rows = { c1: row('pf', '0', '0'), c2: row('pf', '0', '0') };
    const policy = policyWith({ nonTrivial: ['constant-output'] });
    const selection = select(matrixOf(rows, { calls: ['f(1)', 'f(2)'] }), policy);
    expect(selection).toMatchObject({
      selected: null,
      reason: expect.stringContaining('one value for 2 inputs: 0'),
    });
    expect(selection.rules).toContainEqual({ rule: 'constant-output', refused: 1, notEvaluated: 0 });
    for (const again of ['f(1)', 'f( 1 )', ' f(1,)'])
      expect(select(matrixOf(rows, { calls: ['f(1)', again] }), policy).selected).toBe('c1');
    const named = ['f(a=1, b=2)', 'f(b=2, a=1)'];
    expect(select(matrixOf(rows, { calls: named }), policy).selected).toBe('c1');
  });

  it('report a rule that lacks its input as not evaluated, and refuse nothing', () => {
    const matrix = matrixOf({ c1: 'pp', c2: 'pp' });
    const selection = select(matrix, policyWith({ nonTrivial: [...RULE_NAMES] }));
    expect(selection.selected).toBe('c1');
    // Sizes, passes and answers are in every matrix.
    const evaluated = ['minimum-size', 'some-pass', 'some-answer'];
    expect(selection.rules).toEqual(
      RULE_NAMES.map((rule) => ({ rule, refused: 0, notEvaluated: evaluated.includes(rule) ? 0 : 1 })),
    );
  });

  it('refuse, among clusters by output and where asked to, one that no test agrees with', () => {
    const wrong = row('ff', '1', '2');
    const matrix = matrixOf({
      c1: wrong,
      c2: wrong,
      c3: wrong,
      c4: row('pf', '3', '4'),
      c5: row('pf', '3', '4'),
    });
    expect(select(matrix, policyWith({ signature: 'output' })).selected).toBe('c1');
    const selection = select(matrix, policyWith({ signature: 'output', nonTrivial: ['some-pass'] }));
    expect(selection.selected).toBe('c4');
    expect(selection.rules).toContainEqual({ rule: 'some-pass', refused: 1, notEvaluated: 0 });
  });

  it('count what the paper’s own rule refuses, named or not', () => {
    const matrix = matrixOf({ c1: 'pf', c2: 'fp', c3: 'pp' });
    for (const nonTrivial of [[], ['minimum-size' as const]]) {
      const selection = select(matrix, policyWith({ nonTrivial }));
      expect(selection.rules).toContainEqual({ rule: 'minimum-size', refused: 3, notEvaluated: 0 });
      expect(selection.reason).toContain('1 of the 2 members needed');
    }
  });

  it('hold with signature outcome where they are asked for', () => {
    const matrix = matrixOf({ c1: row('pf', 'None', 'None'), c2: row('pf', 'None', 'None') });
    expect(select(matrix, policyWith()).selected).toBe('c1');
    const selection = select(matrix, policyWith({ nonTrivial: ['some-answer', 'varied-answers'] }));
    expect(selection.selected).toBeNull();
    expect(selection.rules).toEqual([
      { rule: 'minimum-size', refused: 0, notEvaluated: 0 },
      { rule: 'some-pass', refused: 0, notEvaluated: 0 },
      { rule: 'some-answer', refused: 0, notEvaluated: 0 },
      { rule: 'varied-answers', refused: 1, notEvaluated: 0 },
    ]);
  });

  it('refuse empty bodies', () => {
    const empty = { bits: 'pp', code: 'def f(x):\n    """Return x."""\n    pass\n' };
    const policy = policyWith({ nonTrivial: ['empty-body'] });
    expect(select(matrixOf({ c1: empty, c2: empty }), policy).selected).toBeNull();
    const full = { bits: 'pp', code: 'def f(x):\n    return x\n' };
    expect(select(matrixOf({ c1: empty, c2: full }), policy).selected).toBe('c1');
  });

  it('refuse an empty function beside a helper that is filled, where tests tell which one they call', () => {
    const beside = { bits: 'pp', code: 'def helper(x):\n    return x + 1\n\n\ndef f(x):\n    pass\n' };
    const rows = { c1: beside, c2: beside };
    const policy = policyWith({ nonTrivial: ['empty-body'] });
    expect(select(matrixOf(rows, { calls: ['f(1)', 'f(2)'] }), policy)).toMatchObject({
      selected: null,
      reason: expect.stringContaining('every member has an empty body'),
    });
    expect(select(matrixOf(rows, { calls: ['f(1)', 'helper(2)'] }), policy).selected).toBe('c1');
    expect(select(matrixOf(rows), policy).selected).toBe('c1');
  });

  it('refuse an argument that comes back on every test', () => {
    const policy = policyWith({ nonTrivial: ['argument-returned'], signature: 'output' });
    const calls = ['f("ab", 1)', 'f( [1,2] , 3)'];
    const returned = row('ff', "'ab'", '[1, 2]');
    const selection = select(matrixOf({ c1: returned, c2: returned }, { calls }), policy);
    expect(selection.reason).toContain('argument 1 is given back on all 2 inputs');
    const other = row('ff', "'ab'", '[2, 1]');
    expect(select(matrixOf({ c1: other, c2: other }, { calls }), policy).selected).toBe('c1');
  });

  const givenBack = (calls: string[], ...outputs: string[]) => {
    const policy = policyWith({ nonTrivial: ['argument-returned'], signature: 'output' });
    const returned = row('f'.repeat(outputs.length), ...outputs);
    const { selected, rules } = select(matrixOf({ c1: returned, c2: returned }, { calls }), policy);
    return { selected, ...rules.find(({ rule }) => rule === 'argument-returned') };
  };

  it('find an argument by its name, in whatever order names stand', () => {
    const calls = ['f(a=1, b=2)', 'f(b=3, a=4)'];
    expect(givenBack(calls, '1', '4')).toMatchObject({ selected: null, refused: 1 });
    expect(givenBack(calls, '1', '3')).toMatchObject({ selected: 'c1', refused: 0, notEvaluated: 0 });
  });

  it('do not judge what is given back of one input, or of arguments that are no literals', () => {
    expect(givenBack(['f(1)', 'f( 1)'], '1', '1')).toMatchObject({ refused: 0 });
    const calls = ['f(1)', 'f(2)', 'f(make())'];
    expect(givenBack(calls, '1', '2', '5')).toMatchObject({ selected: 'c1', refused: 0, notEvaluated: 1 });
    expect(givenBack(calls, '1', '3', '5')).toMatchObject({ selected: 'c1', refused: 0, notEvaluated: 0 });
  });
});

describe('doesNothing', () => {
  it.each([
    'def f(x):\n    pass',
    'def f(x):\n    """Return\n    something."""',
    "def f(x):\n    '''doc'''\n    return None  # later",
    'import math\nfrom typing import List\n\n\ndef f(x: int) -> int:\n    # return x + 1\n    ...',
    'def f(x): return None',
    'def f(\n    x: int,\n    y: str,\n) -> int:\n    raise NotImplementedError("later")',
    'def helper():\n    pass\n\ndef f(x):\n    return',
  ])('sees that nothing is done in %j', (code) => {
    expect(doesNothing(code)).toBe(true);
  });

  it.each([
    'def f(x):\n    return x',
    'def f(x):\n    return 0',
    'def f(x): return x',
    'def f(x):\n    if x:\n        pass\n    return None',
    'def f(x):\n    "doc"\n    return "pass"',
    'f = lambda x: x',
    '',
    'def f(x):\n    pass\n\ndef g(x):\n    return x + 1',
  ])('sees that something is done in %j', (code) => {
    expect(doesNothing(code)).toBe(false);
  });
});

describe('doesNothing, where f is called', () => {
  const helper = 'def helper(x):\n    return x + 1\n\n\n';

  it.each([
    `${helper}def f(x):\n    pass\n`,
    `def f(x):\n    """Return x."""\n\n\n${helper}`,
    `${helper}def f(x): pass; return None  # f(x)\n`,
    `${helper}def f(\n    x: dict[str, int] = {},\n) -> int:\n    r"""Return x."""\n    raise NotImplementedError\n`,
    `${helper}def f(x):\n    def inner(y):\n        return y\n\n    import math\n    return None\n`,
    `${helper}def f(x):\n    return x\n\n\ndef f(x):\n    pass\n`,
    `LIMIT = 3\n\n\ndef f(x):\n    pass\n\n\nif __name__ == "__main__":\n    print(f(1))\n`,
    'async def f(x):\n\tpass\n',
  ])('sees that nothing is done in %j', (code) => {
    expect(doesNothing(code, ['f'])).toBe(true);
  });

  it.each([
    `${helper}def f(x):\n    return helper(x)\n`,
    `${helper}def f(x):\n    pass\n\n\nf = helper\n`,
    `${helper}def f(x):\n    pass\n\n\nfor f in [helper]:\n    pass\n`,
    `${helper}@helper\ndef f(x):\n    pass\n`,
    `${helper}def f(x):\n    pass\n\n\nglobals()["f"] = helper\n`,
    `def f(x):\n    pass\n\n\nif True:\n    def f(x):\n        return x\n`,
    'def f(x):\n    def inner(y):\n        return y\n    return inner(x)\n',
    'def f(x):\n    if x:\n        return x\n',
    'def f(x):\n    pass\n    """doc"""; print(x)\n',
    `${helper}class Solution:\n    def f(self, x):\n        pass\n`,
    `${helper}def f(x):\n    return "never ends\n`,
    `${helper}def f(x):\n    pass)\n`,
    `${helper}def f(x):\n    return (1,\n`,
  ])('sees that something is done in %j', (code) => {
    expect(doesNothing(code, ['f'])).toBe(false);
  });

  it('takes a program that never ends a string or a bracket for one that does something, however long it is', () => {
    for (const broken of ['\\"', '(', `"""'''`, ') -> ', 'raise NotImplementedError(', 'def f(', "''"])
      expect(doesNothing(`def f(x):\n    ${broken.repeat(20_000)}x`, ['f'])).toBe(false);
  });
});

describe('callArguments', () => {
  it.each<[string, [string, string][] | undefined]>([
    ['f()', []],
    [
      'f(1, 2)',
      [
        ['0', '1'],
        ['1', '2'],
      ],
    ],
    [
      'f([1, 2], "a, b", {"k": (1, 2)})',
      [
        ['0', '[1, 2]'],
        ['1', '"a, b"'],
        ['2', '{"k": (1, 2)}'],
      ],
    ],
    [
      'f(x=1, y="=")',
      [
        ['x', '1'],
        ['y', '"="'],
      ],
    ],
    ['f(1,)', [['0', '1']]],
    ['f(")")', [['0', '")"']]],
    ['f(1) + f(2)', undefined],
    ['sorted(f(1))', [['0', 'f(1)']]],
    ['f', undefined],
    ['f(1)[0]', undefined],
  ])('of %s', (call, expected) => {
    expect(callArguments(call)).toEqual(expected && new Map(expected));
  });
});
