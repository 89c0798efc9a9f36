import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { likelihoodRating } from '../../../core/judging/likelihood-score.ts';

const logprobs = fc.array(fc.double({ min: -20, max: 0, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('likelihoodRating', () => {
  it('is the geometric mean of the criteria’s geometric means', () => {
    const rating = likelihoodRating([
      { criterion: 'clarity', logprobs: [Math.log(0.1), Math.log(0.4)] },
      { criterion: 'fit', logprobs: [Math.log(0.8), Math.log(0.8), Math.log(0.8)] },
    ]);
    expect(rating).toEqual({
      ok: true,
      value: {
        score: 0.4,
        reason: 'probability of a token: clarity 0.20, fit 0.80',
        scores: { clarity: 0.2, fit: 0.8 },
        distribution: {},
      },
    });
  });

  it('lies between 0 and 1 and falls with every less probable token', () => {
    fc.assert(
      fc.property(logprobs, logprobs, (clarity, fit) => {
        const score = (first: readonly number[]) => {
          const rating = likelihoodRating([
            { criterion: 'clarity', logprobs: first },
            { criterion: 'fit', logprobs: fit },
          ]);
          return rating.ok ? rating.value.score : Number.NaN;
        };
        expect(score(clarity)).toBeGreaterThanOrEqual(0);
        expect(score(clarity)).toBeLessThanOrEqual(1);
        expect(score(clarity.map((value) => value - 1))).toBeLessThanOrEqual(score(clarity));
      }),
    );
  });

  it('has no rating where nothing was scored', () => {
    expect(likelihoodRating([{ criterion: 'clarity', logprobs: [] }])).toEqual({
      ok: false,
      reason: 'nothing-scored',
    });
  });
});
