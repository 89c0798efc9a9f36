import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CurriculumRecord,
  curriculumRecord,
  topicOutcomes,
} from '../../../../core/problems/curriculum/curriculum-record.ts';
import { planCurriculum } from '../../../../core/problems/curriculum/plan-curriculum.ts';
import { arbitraryPlanInput, measuresOf, planInput, topicsOf } from './arbitrary-measures.ts';

describe('curriculumRecord', () => {
  it('tells by topic what was accepted, decided and agreed on', () => {
    const topics = topicsOf(3);
    const [first, second] = topics;
    if (!first || !second) throw new Error('There are three topics.');
    const plan = planCurriculum(planInput({ topics, count: 9 }));
    const problems = [
      ...measuresOf(first, 0.75, { count: 2 }),
      ...measuresOf(second, 0.25, { count: 1 }),
      ...measuresOf(second, null, { count: 1 }).map((one) => ({ ...one, id: 'failed' })),
    ];
    const outcomes = topicOutcomes(plan, problems);
    const outcomeOf = (name: string) => outcomes.find(({ topic }) => topic === name);
    expect(outcomeOf('topic 0')).toMatchObject({
      quota: 3,
      accepted: 2,
      measured: 2,
      decided: 2,
      agreement: 0.75,
    });
    expect(outcomeOf('topic 1')).toMatchObject({
      quota: 3,
      accepted: 2,
      measured: 1,
      decided: 0,
      agreement: 0.25,
    });
    expect(outcomeOf('topic 2')).toMatchObject({ quota: 3, accepted: 0, measured: 0, agreement: null });
    const record = curriculumRecord(plan, outcomes);
    expect(record).toMatchObject({ quota: 9, accepted: 4, measured: 3, decided: 2, topicCount: 3 });
    expect(record.agreement).toBeCloseTo((2 * 0.75 + 0.25) / 3, 5);
  });

  it('is small however many topics there are, and of its form', () => {
    const plan = planCurriculum(planInput({ topics: topicsOf(3000), count: 100 }));
    const record = curriculumRecord(plan, topicOutcomes(plan, []));
    expect(record.topics).toHaveLength(20);
    expect(record.topicCount).toBe(3000);
    expect(JSON.stringify(record).length).toBeLessThan(6000);
    fc.assert(
      fc.property(arbitraryPlanInput, (input) => {
        const one = planCurriculum(input);
        const made = curriculumRecord(one, topicOutcomes(one, input.measured));
        expect(CurriculumRecord.parse(made)).toEqual(made);
      }),
    );
  });
});
