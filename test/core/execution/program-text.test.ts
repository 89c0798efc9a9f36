import { describe, expect, it } from 'vitest';
import { programText } from '../../../core/execution/program-text.ts';

describe('programText', () => {
  it.each([
    ['x = 1 \t\r\n\n', 'x = 1'],
    ['x = 1', 'x = 1'],
    ['', ''],
    [' \n', ''],
  ])('of %j is %j', (code, text) => expect(programText(code)).toBe(text));

  it.each(['x = 1\u00a0', 'x = 1\n\u3000', 'x = 1\ufeff', 'x = 1\u2028', 'x = 1\\\n\n', 'x = 1\f'])(
    'keeps what Python reads otherwise: %j',
    (code) => expect(programText(code)).toBe(code),
  );
});
