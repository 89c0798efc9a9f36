import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLiteral } from '../../../core/python/literal.ts';

describe('isLiteral', () => {
  it.each([
    '1',
    '-1.5e-3',
    '0x_ff',
    '1_000',
    '1+2j',
    'True',
    'None',
    'nan',
    '-inf',
    "float('inf')",
    'set()',
    'frozenset({1, 2})',
    '[]',
    '(1,)',
    '()',
    '{}',
    '{1, 2}',
    '{"a": [1, (2, 3)], "b": {None: True}}',
    '"a\\"b"',
    "'a' 'b'",
    'b"\\x00"',
    'r"\\d"',
    '"""two\nlines"""',
    '[1, 2, ]',
    '[\n  1,\n  2,\n]',
  ])('takes %s', (text) => {
    expect(isLiteral(text)).toBe(true);
  });

  it.each([
    '',
    'x',
    '1 + 2',
    'f(1)',
    '[1, x]',
    '[1 2]',
    '[1',
    '1]',
    '{1: 2, 3}',
    '{1, 2: 3}',
    '-True',
    '-"a"',
    '"a',
    'f"{x}"',
    '[,]',
    '1__0',
    '01a',
    'Truex',
    '__import__("os")',
    'set([1])',
    '[i for i in range(3)]',
  ])('refuses %j', (text) => {
    expect(isLiteral(text)).toBe(false);
  });

  it('takes whatever JSON document in Python’s words', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const python = (part: unknown): string => {
          if (part === null) return 'None';
          if (typeof part === 'boolean') return part ? 'True' : 'False';
          if (Array.isArray(part)) return `[${part.map(python).join(', ')}]`;
          if (typeof part === 'object') {
            return `{${Object.entries(part)
              .map(([key, inner]) => `${JSON.stringify(key)}: ${python(inner)}`)
              .join(', ')}}`;
          }
          return JSON.stringify(part);
        };
        expect(isLiteral(python(value))).toBe(true);
      }),
    );
  });

  it('refuses bottomless nesting without losing its own stack', () => {
    expect(isLiteral('['.repeat(100_000))).toBe(false);
  });
});
