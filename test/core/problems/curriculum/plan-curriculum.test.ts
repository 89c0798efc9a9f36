import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CurriculumConfig } from '../../../../core/config/curriculum-config.ts';
import { CurriculumPlan } from '../../../../core/problems/curriculum/curriculum-plan.ts';
import { type PlanInput, planCurriculum } from '../../../../core/problems/curriculum/plan-curriculum.ts';
import { targetDifficulty } from '../../../../core/problems/curriculum/target-difficulty.ts';
import { seededRandom, shuffled } from '../../../../core/statistics/seeded-random.ts';
import {
  arbitraryPlanInput,
  arbitrarySettings,
  measuresOf,
  planInput,
  topicsOf,
} from './arbitrary-measures.ts';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const expectedDifficulty = (plan: CurriculumPlan): number =>
  sum(plan.topics.map(({ weight, difficulty }) => weight * difficulty));

describe('planCurriculum', () => {
  it('gives quotas that sum to the count, a floor to every topic, and nothing out of bounds', () => {
    fc.assert(
      fc.property(arbitraryPlanInput, (input) => {
        const plan = planCurriculum(input);
        expect(CurriculumPlan.parse(plan)).toEqual(plan);
        expect(sum(plan.topics.map(({ quota }) => quota))).toBe(input.count);
        expect(sum(plan.topics.map(({ weight }) => weight))).toBeCloseTo(1, 4);
        const floor = input.settings.exploration / input.topics.length;
        for (const { weight, quota } of plan.topics) {
          expect(weight).toBeGreaterThanOrEqual(floor - 1e-6);
          expect(quota).toBeGreaterThan(floor * input.count - 1 - 1e-6);
        }
        expect(plan.wanted).toBeGreaterThanOrEqual(input.count);
      }),
    );
  });

  it('is the same whatever the order of topics and measures', () => {
    fc.assert(
      fc.property(arbitraryPlanInput, fc.nat(), (input, seed) => {
        const random = seededRandom(seed, 'order');
        const mixed: PlanInput = {
          ...input,
          topics: shuffled(input.topics, random),
          measured: shuffled(input.measured, random),
        };
        expect(planCurriculum(mixed)).toEqual(planCurriculum(input));
      }),
    );
  });

  it('never lowers its target, and stays between start and end', () => {
    fc.assert(
      fc.property(arbitrarySettings, (settings) => {
        const targets = Array.from({ length: 12 }, (_, step) => targetDifficulty(settings, step));
        targets.forEach((target, step) => {
          expect(target).toBeGreaterThanOrEqual(targets[step - 1] ?? settings.start);
          expect(target).toBeLessThanOrEqual(settings.end + 1e-12);
        });
        expect(targets.at(-1)).toBeCloseTo(settings.end, 10);
        if (settings.pace > 1) expect(targets[0]).toBeCloseTo(settings.start, 10);
      }),
    );
  });

  it('goes from easy to hard with its target, on the same measures', () => {
    const agreements = fc.array(fc.double({ min: 0.02, max: 0.98, noNaN: true }), {
      minLength: 2,
      maxLength: 8,
    });
    fc.assert(
      fc.property(agreements, (shares) => {
        const topics = topicsOf(shares.length);
        const measured = topics.flatMap((topic, index) => measuresOf(topic, shares[index] ?? 0));
        // Nearly without a prior: what is measured is all that counts.
        const settings = CurriculumConfig.parse({ start: 0.1, end: 0.9, pace: 6, prior: 1e-6 });
        const plans = [0, 1, 2, 3, 4, 5].map((step) =>
          planCurriculum(planInput({ settings, topics, measured, measuredIn: [1], iteration: 2, step })),
        );
        plans.forEach((plan, step) => {
          const before = plans[step - 1];
          if (!before) return;
          expect(expectedDifficulty(plan)).toBeGreaterThanOrEqual(expectedDifficulty(before) - 1e-4);
          plan.topics.forEach(({ asked }, index) => {
            expect(asked).toBeGreaterThanOrEqual(before.topics[index]?.asked ?? 0);
          });
        });
      }),
    );
  });

  it('spreads evenly while nothing is measured, or where all problems failed', () => {
    const topics = topicsOf(4);
    const failed = topics.flatMap((topic) => measuresOf(topic, null));
    for (const measured of [[], failed]) {
      const plan = planCurriculum(planInput({ topics, measured, measuredIn: [1], iteration: 2 }));
      expect(plan).toMatchObject({ measured: 0, target: 0.3, wanted: 50 });
      for (const { quota, weight, asked } of plan.topics)
        expect({ quota, weight, asked }).toEqual({ quota: 10, weight: 0.25, asked: 0.3 });
    }
  });

  it('spreads evenly where every problem is solved, or none is', () => {
    for (const agreement of [0, 1]) {
      const topics = topicsOf(4);
      const measured = topics.flatMap((topic) => measuresOf(topic, agreement, { count: 30 }));
      const plan = planCurriculum(planInput({ topics, measured, measuredIn: [1], iteration: 2 }));
      for (const { quota } of plan.topics) expect(quota).toBe(10);
    }
  });

  it('turns to what the model is unsure of, and asks it for the difficulty that it lacks', () => {
    const topics = topicsOf(12).map((topic) => ({ ...topic, domain: 'basic-algorithm' as const }));
    const agreementOf = (index: number) => [0.97, 0.5, 0][index % 3] ?? 0;
    const measured = topics.flatMap((topic, index) => measuresOf(topic, agreementOf(index), { count: 12 }));
    const settings = CurriculumConfig.parse({ start: 0.5 });
    const plan = planCurriculum(
      planInput({ settings, topics, measured, measuredIn: [1], iteration: 2, step: 1, count: 100 }),
    );
    const weightOf = (agreement: number) =>
      sum(
        plan.topics
          .filter(({ topic }) => agreementOf(Number(topic.split(' ')[1])) === agreement)
          .map(({ weight }) => weight),
      );
    // An even spread gives each a third.
    expect(weightOf(0.5)).toBeGreaterThan(0.6);
    expect(weightOf(0.97)).toBeGreaterThan(0.2 / 3);
    expect(weightOf(0)).toBeGreaterThan(0.2 / 3);
    const named = (name: string) => plan.topics.find(({ topic }) => topic === name);
    expect(named('topic 0')?.asked).toBeGreaterThan(0.8);
    expect(named('topic 1')?.asked).toBeCloseTo(0.5, 1);
    expect(named('topic 2')?.asked).toBeLessThan(0.2);
  });

  it('takes a topic without data for one of its domain', () => {
    const [known, unknown, other, fourth] = topicsOf(8).filter((_, index) => index % 4 < 2);
    if (!known || !unknown || !other || !fourth) throw new Error('There are eight topics.');
    // `known` and `other` are of one domain, `unknown` and `fourth` of the next.
    const measured = [...measuresOf(known, 0.9, { count: 40 }), ...measuresOf(unknown, 0.1, { count: 40 })];
    const plan = planCurriculum(
      planInput({ topics: [known, unknown, other, fourth], measured, measuredIn: [1], iteration: 2 }),
    );
    const difficultyOf = (name: string) => plan.topics.find(({ topic }) => topic === name)?.difficulty ?? -1;
    expect(difficultyOf(other.topic)).toBeLessThan(0.3);
    expect(difficultyOf(fourth.topic)).toBeGreaterThan(0.7);
  });

  it('forgets what older iterations measured', () => {
    const topics = topicsOf(1);
    const [topic] = topics;
    if (!topic) throw new Error('There is a topic.');
    const measured = [
      ...measuresOf(topic, 0.1, { iteration: 1 }),
      ...measuresOf(topic, 0.9, { iteration: 2 }),
    ];
    const difficultyWith = (memory: number) =>
      planCurriculum(
        planInput({
          settings: CurriculumConfig.parse({ memory, prior: 0.001 }),
          ...{ topics, measured, measuredIn: [1, 2], iteration: 3, step: 2 },
        }),
      ).topics[0]?.difficulty ?? -1;
    expect(difficultyWith(0)).toBeCloseTo(0.1, 2);
    expect(difficultyWith(1)).toBeCloseTo(0.5, 2);
    expect(difficultyWith(0.5)).toBeCloseTo((0.9 * 4 + 0.1 * 8) / 12, 2);
  });

  it('takes a judge at its word by what its word was worth', () => {
    const topics = topicsOf(4).map((topic) => ({ ...topic, domain: 'basic-algorithm' as const }));
    const [easy, hard, unsolved] = topics;
    if (!easy || !hard || !unsolved) throw new Error('There are four topics.');
    const judgedHard = measuresOf(unsolved, null, { judged: 0.9, count: 20 });
    const difficultyAfter = (easyJudged: number, hardJudged: number) =>
      planCurriculum(
        planInput({
          topics,
          measured: [
            ...measuresOf(easy, 0.9, { judged: easyJudged, count: 20 }),
            ...measuresOf(hard, 0.1, { judged: hardJudged, count: 20 }),
            ...judgedHard,
          ],
          ...{ measuredIn: [1], iteration: 2 },
        }),
      ).topics.find(({ topic }) => topic === unsolved.topic)?.difficulty ?? -1;
    expect(difficultyAfter(0.1, 0.9)).toBeGreaterThan(0.7);
    // One that is wrong the other way round tells nothing.
    expect(difficultyAfter(0.9, 0.1)).toBeCloseTo(0.5, 1);
  });

  it('plans one topic, and thousands', () => {
    const one = planCurriculum(planInput({ topics: topicsOf(1), count: 7 }));
    expect(one.topics).toMatchObject([{ quota: 7, weight: 1 }]);
    const many = planCurriculum(planInput({ topics: topicsOf(5000), count: 50 }));
    expect(many.topics.filter(({ quota }) => quota > 0)).toHaveLength(50);
  });
});
