import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bracketEnd, commentEnd, stringEnd } from '../../../core/python/scan.ts';
import { topLevelStatements } from '../../../core/python/statements.ts';

/** The starts of the logical lines, each string and bracket searched for from where it opens. */
const searchedLines = (text: string): number[] => {
  const starts = [0];
  for (let at = 0; at < text.length; ) {
    const character = text.charAt(at);
    const search = '"\''.includes(character) ? stringEnd : '([{'.includes(character) ? bracketEnd : undefined;
    const end = search?.(text, at) ?? -1;
    if (character === '\n') starts.push(at + 1);
    if (end !== -1) at = end;
    else if (character === '#') at = commentEnd(text, at);
    else at += character === '\\' ? 2 : 1;
  }
  return starts;
};

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

  it('cuts where a search from each string and bracket would', () => {
    // A line that begins with x is a statement of its own.
    const unit = fc.constantFrom(...'()[{]"\'\\#', '\nx', '"""', "'''");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (rest) => {
        const text = `x${rest}`;
        const starts = topLevelStatements(text).map(({ start }) => start);
        expect(starts).toEqual(searchedLines(text).filter((start) => text.charAt(start) === 'x'));
      }),
      { numRuns: 2000 },
    );
  });

  it('tells a function’s body from its header', () => {
    const [statement] = topLevelStatements('@cache\ndef f(x) -> int:  # one\n    return x\n');
    expect([statement?.header, statement?.body]).toEqual(['def f(x) -> int:', '  # one\n    return x']);
  });
});
