/** Packs what a candidate did: most of what measuring a matrix takes is reading its outcomes once. */
import type { Outcome } from '../execution/batch.ts';
import { BITS } from './pass-bits.ts';

/** Divides a word. */
const AT_ONCE = 5;

/**
 * Sets which outcomes passed, in the words from `at` on, and which failed, in every word of `failing`. Nothing
 * branches on an outcome: what comes next cannot be foretold, and a wrong guess costs most.
 */
export const packOutcomes = (
  outcomes: readonly Outcome[],
  passing: number[],
  at: number,
  failing: number[],
): void => {
  const size = BITS;
  const { length } = outcomes;
  const stride = failing.length;
  for (let word = 0; word < stride; word += 1) {
    const first = word * size;
    const end = Math.min(length, first + size);
    let pass = 0;
    let fail = 0;
    let test = first;
    for (; test + AT_ONCE <= end; test += AT_ONCE) {
      const a = outcomes[test];
      const b = outcomes[test + 1];
      const c = outcomes[test + 2];
      const d = outcomes[test + 3];
      const e = outcomes[test + 4];
      pass |= bitsOf('pass', a, b, c, d, e) << (test - first);
      fail |= bitsOf('fail', a, b, c, d, e) << (test - first);
    }
    for (; test < end; test += 1) {
      pass |= Number(outcomes[test] === 'pass') << (test - first);
      fail |= Number(outcomes[test] === 'fail') << (test - first);
    }
    passing[at + word] = pass;
    failing[word] = fail;
  }
};

type Entry = Outcome | undefined;

const bitsOf = (outcome: Outcome, a: Entry, b: Entry, c: Entry, d: Entry, e: Entry): number =>
  Number(a === outcome) |
  (Number(b === outcome) << 1) |
  (Number(c === outcome) << 2) |
  (Number(d === outcome) << 3) |
  (Number(e === outcome) << 4);
