import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planCurriculum } from '../../../../core/problems/curriculum/plan-curriculum.ts';
import { topicsOfProposals } from '../../../../core/problems/curriculum/topics-of-proposals.ts';
import { arbitraryPlanInput } from './arbitrary-measures.ts';

describe('topicsOfProposals', () => {
  it('goes through the quotas again and again, whatever batches they are asked in', () => {
    fc.assert(
      fc.property(arbitraryPlanInput, fc.integer({ min: 1, max: 40 }), (input, batch) => {
        const plan = planCurriculum(input);
        const all = topicsOfProposals(plan, 0, 2 * plan.count);
        for (const cycle of [all.slice(0, plan.count), all.slice(plan.count)]) {
          for (const topic of plan.topics)
            expect(cycle.filter((one) => one.topic === topic.topic)).toHaveLength(topic.quota);
        }
        const pieces = [];
        for (let first = 0; first < all.length; first += batch)
          pieces.push(...topicsOfProposals(plan, first, Math.min(batch, all.length - first)));
        expect(pieces).toEqual(all);
      }),
      { numRuns: 50 },
    );
  });
});
