import { describe, expect, it } from 'vitest';
import { parseCodeBlocks } from '../../../core/prompts/code-blocks.ts';

describe('parseCodeBlocks', () => {
  it.each([
    ['Sure!\n```python\nx = 1\n```\nDone.', ['x = 1']],
    ['```\na\n```\ntext\n~~~py\nb\n~~~', ['a', 'b']],
    ['````\n```\ninner\n```\n````', ['```\ninner\n```']],
    ['```python\ndef f():\n    return 1', ['def f():\n    return 1']],
    ['```python\r\nx\r\n```', ['x']],
    ['def f():\n    return 1', ['def f():\n    return 1']],
  ])('reads %j', (answer, blocks) => {
    expect(parseCodeBlocks(answer)).toEqual({ ok: true, value: blocks });
  });

  it.each([
    ['', 'empty-answer'],
    ['  \n', 'empty-answer'],
    ['I cannot do that.', 'no-code-block'],
    ['```python\n\n```', 'no-code-block'],
  ])('refuses %j', (answer, reason) => {
    expect(parseCodeBlocks(answer)).toEqual({ ok: false, reason });
  });
});
