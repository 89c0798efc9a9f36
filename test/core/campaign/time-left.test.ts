import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { iterationsTimeLeft, timeLeft } from '../../../core/campaign/time-left.ts';

describe('timeLeft', () => {
  it('goes on at the pace so far', () => {
    expect(timeLeft(60_000, 3, 9)).toBe(120_000);
  });

  it('says nothing before the first unit, or where a stage has no units', () => {
    expect(timeLeft(60_000, 0, 9)).toBeNull();
    expect(timeLeft(60_000, 0, 0)).toBeNull();
  });

  it('is never negative, and 0 at the end', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), fc.nat(), (ms, done, total) => {
        const left = timeLeft(ms, done, total);
        expect(left === null || left >= 0).toBe(true);
        if (done > 0 && done >= total && total > 0) expect(left).toBe(0);
      }),
    );
  });
});

describe('iterationsTimeLeft', () => {
  it('counts with iterations as long as those so far, and takes off what was worked since', () => {
    // The base until 10, two iterations of 30 on average; four more, of which the first has gone on for 12.
    expect(iterationsTimeLeft([10, 30, 70], 82, 4)).toBe(4 * 30 - 12);
  });

  it('says nothing before one iteration is complete', () => {
    expect(iterationsTimeLeft([], 5, 6)).toBeNull();
    expect(iterationsTimeLeft([10], 15, 6)).toBeNull();
  });

  it('is 0 after the last iteration, and where one takes longer than those before', () => {
    expect(iterationsTimeLeft([10, 30], 31, 0)).toBe(0);
    expect(iterationsTimeLeft([10, 30], 500, 1)).toBe(0);
  });
});
