import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFaultOffset } from '../../core/json-syntax.ts';

describe('jsonFaultOffset', () => {
  it.each([
    ['{"a": x}', 'x'],
    ['[1,]', ']'],
    ['{"a":1,}', '}'],
    ['{,}', ','],
    ['{"a" 1}', '1'],
    ['{"a":}', '}'],
    ['{a: 1}', 'a'],
    ['[1 2]', '2'],
    ['[01]', '1]'],
    ['[-]', '-'],
    ['[.5]', '.'],
    ['{"a":1}}', '}}'],
    ['{"a":tru}', 'tru'],
    ['{"a":NaN}', 'NaN'],
    ["['a']", "'a'"],
    ['{"a": "b\n"}', '"b'],
    ['["\\x"]', '"\\x'],
    ['[1, 2) ]', ')'],
    ['[1}', '}'],
    ['\u00a0[1]', '\u00a0'],
  ])('in %j is where %j stands', (text, fault) => {
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
    const offset = fault === '}}' ? text.lastIndexOf('}') : text.indexOf(fault);
    expect(jsonFaultOffset(text)).toBe(offset);
  });

  it('is the end of what JSON.parse takes, and of what is cut off', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (text, cut) => {
        expect(jsonFaultOffset(text)).toBe(text.length);
        const part = text.slice(0, cut % (text.length + 1));
        expect(jsonFaultOffset(part)).toBeLessThanOrEqual(part.length);
      }),
    );
  });

  it('lies within a text exactly where JSON.parse refuses it or it goes on', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', '-', ' ', 'null', '"', '\\');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const isJson = (() => {
          try {
            JSON.parse(text);
            return true;
          } catch {
            return false;
          }
        })();
        if (isJson || jsonFaultOffset(text) < text.length)
          expect(isJson).toBe(jsonFaultOffset(text) === text.length);
      }),
      { numRuns: 2000 },
    );
  });
});
