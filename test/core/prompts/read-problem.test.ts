import { beforeAll, describe, expect, it } from 'vitest';
import type { PromptSet } from '../../../core/prompts/prompt-set.ts';
import { readProblem } from '../../../core/prompts/read-problem.ts';
import { readSkeleton } from '../../../core/prompts/read-skeleton.ts';
import { loadPromptSet } from '../../../infra/prompts/load-prompt-set.ts';

let small: PromptSet;
let paper: PromptSet;
beforeAll(async () => {
  small = await loadPromptSet('small');
  paper = await loadPromptSet('paper');
});

const document = {
  title: 'Sum of a list',
  description: 'Return the sum of all numbers. An empty list gives 0.',
  signature: 'def total( numbers: list[int] )->int',
  example: 'total([1, 2]) == 3',
  hint: 'Add them up.',
};

describe('readProblem', () => {
  it('reads a stub of the form regex', () => {
    const answer =
      '\ndef count_vowels(text: str) -> int:\n    """Return the number of vowels in the text."""';
    expect(readProblem(answer, small.stages.propose)).toEqual({
      ok: true,
      value: {
        functionName: 'count_vowels',
        signature: 'def count_vowels(text: str) -> int:',
        docstring: 'Return the number of vowels in the text.',
      },
    });
  });

  it('reads the paper’s document into signature and docstring', () => {
    expect(readProblem(JSON.stringify(document), paper.stages.propose)).toEqual({
      ok: true,
      value: {
        functionName: 'total',
        signature: 'def total(numbers: list[int]) -> int:',
        docstring:
          'Sum of a list\n\nReturn the sum of all numbers. An empty list gives 0.\n\nExample:\ntotal([1, 2]) == 3\n\nHint: Add them up.',
      },
    });
  });

  it.each([
    [{ signature: 'def total(numbers) -> int:' }, 'signature-invalid'],
    [{ signature: 'def total() -> int:' }, 'no-parameters'],
    [{ signature: 'import os\ndef f(x: int) -> int:' }, 'signature-invalid'],
    [{ title: '' }, 'json-schema-mismatch'],
  ])('refuses %j', (change, reason) => {
    const answer = JSON.stringify({ ...document, ...change });
    expect(readProblem(answer, paper.stages.propose)).toEqual({ ok: false, reason });
  });

  it.each([
    '\ndef f(x: int) -> int:\n    """Return x',
    'def f(x: int) -> int:\n    """Return the value of x."""',
    '\ndef f(x: int) -> int:\n    """Return x.""" import os',
  ])('refuses %j', (answer) => {
    expect(readProblem(answer, small.stages.propose)).toEqual({ ok: false, reason: 'pattern-mismatch' });
  });
});

describe('readSkeleton', () => {
  const problem = {
    functionName: 'f',
    signature: 'def f(text: str, times: int) -> str:',
    docstring: 'Return the text repeated.',
  };

  it('adds the sections Args and Returns to the stub', () => {
    const answer =
      '\n        text: The text.\n        times: How often.\n\n    Returns:\n        The repeated text.';
    expect(readSkeleton(answer, small.stages.sketch, problem)).toEqual({
      ok: true,
      value:
        'def f(text: str, times: int) -> str:\n    """Return the text repeated.\n\n    Args:\n        text: The text.\n        times: How often.\n\n    Returns:\n        The repeated text.\n    """',
    });
  });

  it('refuses arguments that the signature does not have', () => {
    const answer =
      '\n        text: The text.\n        count: How often.\n\n    Returns:\n        The repeated text.';
    expect(readSkeleton(answer, small.stages.sketch, problem)).toEqual({
      ok: false,
      reason: 'arguments-mismatch',
    });
  });

  it('takes imports and the docstring out of a code block', () => {
    const answer =
      '```python\nimport math\n\ndef f(text: str, times: int) -> str:\n    """Return the text repeated.\n\n    Args:\n        text: The text.\n    """\n    pass\n```';
    expect(readSkeleton(answer, paper.stages.sketch, problem)).toEqual({
      ok: true,
      value:
        'import math\n\n\ndef f(text: str, times: int) -> str:\n    """Return the text repeated.\n\n    Args:\n        text: The text.\n    """',
    });
  });

  it.each([
    ['```python\ndef f(text: str) -> str:\n    """x"""\n```', 'signature-changed'],
    ['```python\ndef g(text: str) -> str:\n    """x"""\n```', 'function-missing'],
    ['```python\ndef f(text: str, times: int) -> str:\n    pass\n```', 'docstring-missing'],
  ])('refuses %j', (answer, reason) => {
    expect(readSkeleton(answer, paper.stages.sketch, problem)).toEqual({ ok: false, reason });
  });
});
