import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topLevelStatements } from '../../../core/python/statements.ts';

describe('topLevelStatements', () => {
  it('cuts a module where Python would', () => {
    const module = [
      'import math',
      'from typing import (',
      '    List,',
      ')',
      '# a remark',
      'LIMIT = [',
      '1, 2]',
      '@cache',
      'def f(x: int) -> int:',
      '    """Text',
      'def not_a_function():',
      '"""',
      '',
      '    return x',
      'class A:',
      '    pass',
      'try:',
      '    import numpy',
      'except ImportError:',
      '    numpy = None',
      'print(f(1))',
      'if __name__ == "__main__":',
      '    f(2)',
    ].join('\n');
    expect(topLevelStatements(module).map(({ kind, name }) => [kind, name])).toEqual([
      ['import', undefined],
      ['import', undefined],
      ['assignment', undefined],
      ['def', 'f'],
      ['class', 'A'],
      ['try', undefined],
      ['other', undefined],
      ['other', undefined],
    ]);
  });

  it('keeps a function’s header over several lines', () => {
    const [statement] = topLevelStatements(
      'def f(\n    a: int,\n    b: str = ":",\n) -> dict[str, int]:\n    pass',
    );
    expect(statement?.header).toBe('def f(\n    a: int,\n    b: str = ":",\n) -> dict[str, int]:');
  });

  it('ends on any text and loses no function', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'def f():\n \t#\'"\\([{}])=@,x1') }), (text) => {
        const pieces = topLevelStatements(text);
        for (const { start, text: piece } of pieces) {
          expect(text.slice(start, start + piece.length)).toBe(piece);
        }
      }),
    );
  });
});
