import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ReviewConfig } from '../../../core/config/review-config.ts';
import { DECISIONS, type ReviewRequest } from '../../../core/steering/requests.ts';
import {
  countReviews,
  isDoubtful,
  type ReviewQueue,
  readReview,
  reviewed,
} from '../../../core/steering/review.ts';

const selected = (share: number, problemId = 'p0001') => ({ problemId, candidate: 'c0003', share });
const at = { seed: 1, iteration: 2 };
const request = (changes: Partial<ReviewRequest> = {}): ReviewRequest => ({
  ...{ problem: 'p0001', decision: 'accept', by: 'ann', reason: '' },
  ...changes,
});
const queue = (changes: Partial<ReviewQueue> = {}): ReviewQueue => ({
  waiting: [{ ...selected(0.2), iteration: 2, until: 1 }],
  decided: [],
  ...changes,
});

it('doubts nothing by default, and clusters below the threshold where it is told to', () => {
  expect(isDoubtful(ReviewConfig.parse({}), selected(0), at)).toBe(false);
  expect(isDoubtful(undefined, selected(0), at)).toBe(false);
  const low = ReviewConfig.parse({ when: 'low-consensus', threshold: 0.3 });
  expect(isDoubtful(low, selected(0.29), at)).toBe(true);
  expect(isDoubtful(low, selected(0.3), at)).toBe(false);
});

it('draws about the share, the same each time', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (seed, share) => {
        const review = ReviewConfig.parse({ when: 'sample', share });
        const draw = () =>
          Array.from({ length: 400 }, (_, n) =>
            isDoubtful(review, selected(1, `p${n}`), { seed, iteration: 1 }),
          );
        const drawn = draw();
        expect(draw()).toEqual(drawn);
        expect(Math.abs(drawn.filter(Boolean).length / 400 - share)).toBeLessThan(0.15);
      },
    ),
    { numRuns: 50 },
  );
});

it('takes a decision about what waits, and refuses one about anything else', () => {
  expect(readReview(request(), queue())).toEqual({
    decision: { problemId: 'p0001', decision: 'accept', by: 'person' },
    isNew: true,
  });
  expect(() => readReview(request({ problem: 'p0009' }), queue())).toThrow(/p0009 .*Waiting: p0001/);
  expect(() => readReview(request({ problem: 'p0009' }), queue({ waiting: [] }))).toThrow(/Nothing does/);
  expect(() => readReview(request({ decision: 'replace' }), queue())).toThrow(/candidate is named/);
  expect(() => readReview(request({ candidate: 'c0001' }), queue())).toThrow(/candidate is named/);
});

it('stands by the first decision', () => {
  const decided = (by: 'person' | 'default') =>
    queue({ waiting: [], decided: [{ problemId: 'p0001', decision: 'reject', by, iteration: 2 }] });
  expect(readReview(request({ decision: 'reject' }), decided('person')).isNew).toBe(false);
  expect(() => readReview(request(), decided('person'))).toThrow(/decided already/);
  expect(() => readReview(request(), decided('default'))).toThrow(/nobody decided in time/);
});

it('writes what was decided into the selection, and what it replaced', () => {
  const line = { problemId: 'p0001', selected: 'c0003', evidence: {}, chosenCluster: {}, clusters: [] };
  const decide = (decision: (typeof DECISIONS)[number], candidate?: string) =>
    reviewed(line, { problemId: 'p0001', decision, by: 'person', ...(candidate ? { candidate } : {}) });
  expect(reviewed(line, undefined)).toBe(line);
  expect(decide('accept')).toEqual({ ...line, review: { decision: 'accept', by: 'person' } });
  expect(decide('reject')).toMatchObject({ selected: null, review: { instead: 'c0003' } });
  expect(decide('replace', 'c0007')).toEqual({
    ...{ problemId: 'p0001', selected: 'c0007', clusters: [] },
    review: { decision: 'replace', by: 'person', instead: 'c0003' },
  });
});

it('counts each decision once by what, and once by whom', () => {
  const decision = fc.record({
    problemId: fc.string(),
    decision: fc.constantFrom(...DECISIONS),
    by: fc.constantFrom('person' as const, 'default' as const),
  });
  fc.assert(
    fc.property(fc.array(decision), (decisions) => {
      const { accepted, rejected, replaced, byPerson, byDefault } = countReviews(decisions);
      expect(accepted + rejected + replaced).toBe(decisions.length);
      expect(byPerson + byDefault).toBe(decisions.length);
    }),
  );
});
