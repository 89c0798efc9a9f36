/** Topics, and problems that earlier iterations measured on them. */
import fc from 'fast-check';
import { CurriculumConfig } from '../../../../core/config/curriculum-config.ts';
import type { MeasuredProblem } from '../../../../core/problems/curriculum/measured-problem.ts';
import type { PlanInput } from '../../../../core/problems/curriculum/plan-curriculum.ts';
import { PROBLEM_DOMAINS } from '../../../../core/problems/problem.ts';
import type { Topic } from '../../../../core/problems/topics.ts';

export const topicsOf = (count: number): Topic[] =>
  Array.from({ length: count }, (_, n) => ({
    domain: PROBLEM_DOMAINS[n % PROBLEM_DOMAINS.length] ?? 'basic-algorithm',
    topic: `topic ${n}`,
  }));

/** `count` problems of one topic, all with one agreement. */
export const measuresOf = (
  topic: Topic,
  agreement: number | null,
  {
    count = 8,
    iteration = 1,
    judged = null,
  }: { count?: number; iteration?: number; judged?: number | null } = {},
): MeasuredProblem[] =>
  Array.from({ length: count }, (_, n) => ({
    ...topic,
    ...{
      id: `${topic.topic}-${n}`,
      iteration,
      judged,
      agreement,
      decided: agreement !== null && agreement > 0.5,
    },
  }));

export const planInput = (over: Partial<PlanInput> = {}): PlanInput => ({
  settings: CurriculumConfig.parse({}),
  ...{ topics: topicsOf(4), measured: [], measuredIn: [], iteration: 1, step: 0, count: 40, seed: 1 },
  ...over,
});

const share = fc.double({ min: 0, max: 1, noNaN: true });

export const arbitrarySettings: fc.Arbitrary<CurriculumConfig> = fc
  .record({
    targets: fc.tuple(
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
      fc.double({ min: 0.05, max: 0.95, noNaN: true }),
    ),
    pace: fc.integer({ min: 1, max: 8 }),
    exploration: fc.double({ min: 0.01, max: 1, noNaN: true }),
    memory: share,
    prior: fc.double({ min: 0.01, max: 20, noNaN: true }),
    surplus: fc.double({ min: 0, max: 4, noNaN: true }),
  })
  .map(({ targets, ...rest }) => ({ ...rest, start: Math.min(...targets), end: Math.max(...targets) }));

export const arbitraryPlanInput: fc.Arbitrary<PlanInput> = fc
  .record({
    topicCount: fc.integer({ min: 1, max: 30 }),
    settings: arbitrarySettings,
    iteration: fc.integer({ min: 1, max: 6 }),
    step: fc.integer({ min: 0, max: 8 }),
    count: fc.integer({ min: 1, max: 300 }),
    seed: fc.nat(),
    draws: fc.array(
      fc.record({
        topic: fc.nat(),
        iteration: fc.nat(),
        judged: fc.option(share),
        agreement: fc.option(share),
      }),
      { maxLength: 60 },
    ),
  })
  .map(({ topicCount, draws, iteration, ...rest }) => {
    const topics = topicsOf(topicCount);
    const measuredIn = Array.from({ length: iteration - 1 }, (_, index) => index + 1);
    const measured = draws.flatMap((draw, n): MeasuredProblem[] => {
      const [topic, of] = [topics[draw.topic % topicCount], measuredIn[draw.iteration % measuredIn.length]];
      if (!topic || of === undefined) return [];
      const { judged, agreement } = draw;
      return [{ ...topic, id: `p${n}`, iteration: of, judged, agreement, decided: agreement !== null }];
    });
    return { ...rest, topics, measured, measuredIn, iteration };
  });
