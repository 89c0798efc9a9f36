/** Texts that are no programs, or not the right one. */
import { type Cheat, ERROR } from './cheat.ts';

export const BAD_SOURCES: readonly Cheat[] = [
  { name: 'has a syntax error', code: 'def add(a, b) return a', outcomes: ERROR },
  { name: 'is empty', code: '', outcomes: ERROR },
  { name: 'has NUL bytes', code: 'def add(a, b):\n    return a + b\n\0', outcomes: ERROR },
  { name: 'has 100,000 brackets', code: `x = ${'['.repeat(100_000)}${']'.repeat(100_000)}`, outcomes: ERROR },
  { name: 'has 100,000 minus signs', code: `x = ${'-'.repeat(100_000)}1`, outcomes: ['error', 'timeout'] },
  { name: 'has 9 MB', code: `x = 1\n${'#'.repeat(9_000_000)}`, outcomes: ERROR },
  { name: 'is one line of 50 MB', code: `x = '${'y'.repeat(50_000_000)}'`, outcomes: ERROR },
  {
    name: 'claims another encoding',
    code: '# -*- coding: no-such-encoding -*-\ndef plus(a, b):\n    return a + b',
    outcomes: ERROR,
  },
  { name: 'is a byte order mark', code: '\ufeff', outcomes: ERROR },
  { name: 'is not text', code: '\u0001\u0002\ufffe', outcomes: ERROR },
  { name: 'has 5 MB of statements', code: 'x=1\n'.repeat(1_250_000), outcomes: ['error', 'timeout'] },
  {
    name: 'has tabs and spaces',
    code: 'def add(a, b):\n\tif a:\n        return a\n\treturn b',
    outcomes: ERROR,
  },
  { name: 'has lone surrogates', code: 'def add(a, b):\n    return a + b\nx = "\ud800"', outcomes: ERROR },
  { name: 'has a wrong function name', code: 'def plus(a, b):\n    return a + b', outcomes: ERROR },
  {
    name: 'raises at the top level',
    code: 'def add(a, b):\n    return a + b\nraise ValueError',
    outcomes: ERROR,
  },
  {
    name: 'asserts at the top level',
    code: 'def add(a, b):\n    return a + b\nassert False',
    outcomes: ERROR,
  },
];
