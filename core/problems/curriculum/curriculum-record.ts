/** What an iteration’s curriculum planned and what came of it, short enough to be carried: the report’s part. */
import { z } from 'zod';
import { Problem } from '../problem.ts';
import type { CurriculumPlan, PlannedTopic } from './curriculum-plan.ts';
import type { MeasuredProblem } from './measured-problem.ts';
import { byKey, topicKey } from './topic-estimates.ts';

const share = z.number().min(0).max(1);
const count = z.int().min(0);

const tallied = {
  weight: share.describe('Share of the proposals.'),
  quota: count.describe('Problems planned.'),
  accepted: count,
  measured: count.describe('Problems that no fault of ours left unmeasured.'),
  decided: count,
  agreement: share.nullable().describe('Mean over the measured ones; null where there is none.'),
};
export const TopicOutcome = Problem.pick({ domain: true, topic: true }).extend({
  difficulty: share.describe('Expected when it was planned.'),
  ...tallied,
});
export type TopicOutcome = z.infer<typeof TopicOutcome>;

export const CurriculumRecord = z.object({
  target: share.describe('Difficulty that the iteration was after.'),
  measuredBefore: count.describe('Problems that the plan rests on.'),
  judge: z
    .object({ slope: z.number().min(0), trust: share, pairs: count })
    .describe('What the judge’s difficulty was worth: fall of agreement from easiest to hardest, and r².'),
  ...tallied,
  expectedDifficulty: share.describe('Of the planned problems, by the estimates of their topics.'),
  topicCount: count,
  topics: z
    .array(TopicOutcome)
    .describe('Those with the greatest weight; all are in curriculum/outcome.json.'),
});
export type CurriculumRecord = z.infer<typeof CurriculumRecord>;

/** Of all topics a campaign carries, and its report shows, these. */
const SHOWN = 20;

/** Every topic of the plan, in its order. Problems may come in any order. */
export const topicOutcomes = (
  { topics }: CurriculumPlan,
  problems: readonly MeasuredProblem[],
): TopicOutcome[] => {
  const ordered = [...problems].sort((a, b) => byKey(a.id, b.id));
  const byTopic = new Map<string, MeasuredProblem[]>();
  for (const problem of ordered) {
    const key = topicKey(problem);
    byTopic.set(key, [...(byTopic.get(key) ?? []), problem]);
  }
  return topics.map((topic) => outcomeOf(topic, byTopic.get(topicKey(topic)) ?? []));
};

const outcomeOf = (
  { domain, topic, difficulty, weight, quota }: PlannedTopic,
  problems: readonly MeasuredProblem[],
): TopicOutcome => {
  const measured = problems.flatMap(({ agreement }) => (agreement === null ? [] : [agreement]));
  return {
    ...{ domain, topic, difficulty, weight, quota },
    accepted: problems.length,
    measured: measured.length,
    decided: problems.filter(({ decided }) => decided).length,
    agreement: measured.length === 0 ? null : rounded(sum(measured) / measured.length),
  };
};

export const curriculumRecord = (
  plan: CurriculumPlan,
  outcomes: readonly TopicOutcome[],
): CurriculumRecord => {
  const { target, count: planned, measured: measuredBefore, judge } = plan;
  const total = (field: 'accepted' | 'measured' | 'decided'): number =>
    sum(outcomes.map((one) => one[field]));
  const measured = total('measured');
  const agreed = sum(outcomes.map((one) => one.measured * (one.agreement ?? 0)));
  const expected = sum(outcomes.map(({ quota, difficulty }) => quota * difficulty));
  return {
    target,
    measuredBefore,
    judge: { slope: judge.slope, trust: judge.trust, pairs: judge.pairs },
    weight: 1,
    quota: planned,
    accepted: total('accepted'),
    measured,
    decided: total('decided'),
    agreement: measured === 0 ? null : Math.min(1, rounded(agreed / measured)),
    expectedDifficulty: Math.min(1, rounded(planned === 0 ? 0 : expected / planned)),
    topicCount: outcomes.length,
    topics: [...outcomes]
      .sort((a, b) => b.weight - a.weight || byKey(topicKey(a), topicKey(b)))
      .slice(0, SHOWN),
  };
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
