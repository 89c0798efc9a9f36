import { describe, expect, it } from 'vitest';
import { readSolution } from '../../../core/prompts/read-solution.ts';

const question = {
  functionName: 'area',
  stub: 'import math\nfrom typing import List\n\n\ndef helper(x: int) -> int:\n    return x\n\n\ndef area(r: float) -> float:\n    """Return the area."""\n',
};
const plain = { functionName: 'f', stub: 'def f(x: int) -> int:\n    """Return x."""\n' };

describe('readSolution', () => {
  it('puts imports and helpers of the stub in front', () => {
    const read = readSolution('```python\ndef area(r: float) -> float:\n    return math.pi * r', question);
    expect(read).toEqual({
      ok: true,
      value:
        'import math\nfrom typing import List\n\n\ndef helper(x: int) -> int:\n    return x\n\n\ndef area(r: float) -> float:\n    return math.pi * r',
    });
  });

  it('does not repeat what the answer has already', () => {
    const answer =
      '```python\nimport math\n\ndef helper(x):\n    return 2 * x\n\ndef area(r):\n    return helper(r)\n```';
    expect(readSolution(answer, question)).toEqual({
      ok: true,
      value:
        'from typing import List\n\n\nimport math\n\n\ndef helper(x):\n    return 2 * x\n\n\ndef area(r):\n    return helper(r)'.replace(
          'List\n\n\nimport',
          'List\nimport',
        ),
    });
  });

  it('leaves out what runs at the top level', () => {
    const answer =
      'Here:\n```python\nLIMIT = 3\ndef f(x):\n    return x\n\nprint(f(1))\nassert f(1) == 1\nif __name__ == "__main__":\n    f(2)\n```';
    expect(readSolution(answer, plain)).toEqual({
      ok: true,
      value: 'LIMIT = 3\n\n\ndef f(x):\n    return x',
    });
  });

  it('takes the block that defines the function', () => {
    const answer = '```\npip install x\n```\n```python\ndef f(x):\n    return x\n```';
    expect(readSolution(answer, plain)).toEqual({ ok: true, value: 'def f(x):\n    return x' });
  });

  it.each([
    ['', 'empty-answer'],
    ['I would use a loop.', 'no-code-block'],
    ['```python\ndef g(x):\n    return x\n```', 'function-missing'],
    ['```python\ndef f(x):\n```', 'function-without-body'],
    ['```python\ndef f(x):\n    """Return x."""\n    # later\n    pass\n```', 'function-without-body'],
    ['```python\nclass A:\n    def f(x):\n        return x\n```', 'function-missing'],
  ])('refuses %j', (answer, reason) => {
    expect(readSolution(answer, plain)).toEqual({ ok: false, reason });
  });
});
