/** Programs that try to pass without solving `add(a, b)`, or to harm. Every one of them fails to. */
import type { Outcome } from '../../../core/execution/batch.ts';

export type Cheat = {
  readonly name: string;
  readonly code: string;
  /** What each of the tests may end in. Never `pass`, except where the program is right and merely odd. */
  readonly outcomes: readonly Outcome[];
  readonly limits?: { readonly testTimeoutMs?: number };
};

export const returning = (expression: string, before = ''): string =>
  `${before}\ndef add(a, b):\n    return ${expression}\n`;
export const doing = (statement: string, before = ''): string =>
  `${before}\ndef add(a, b):\n${statement
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n`;

export const LIAR = `
class Liar:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 3
    def __repr__(self): return '3'
    def __bool__(self): return True
    def __reduce__(self): return (int, (3,))
    @property
    def __class__(self): return int
`;

export const FAIL: readonly Outcome[] = ['fail'];
/** `abs(add(1, 2) - 3)` on what is no number raises. */
export const FAIL_OR_ERROR: readonly Outcome[] = ['fail', 'error'];
export const ERROR: readonly Outcome[] = ['error'];
export const CRASH: readonly Outcome[] = ['crash'];
/** Harmless in the sandbox: refused, so the program breaks, or finds nothing and answers wrongly. */
export const REFUSED: readonly Outcome[] = ['error', 'fail', 'crash'];
