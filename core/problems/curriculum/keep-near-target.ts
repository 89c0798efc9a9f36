/** Where more problems were accepted than are needed, those nearest to the target difficulty stay. */
import type { JudgedProblem } from '../problem.ts';
import type { CurriculumPlan } from './curriculum-plan.ts';
import { expectedAgreement } from './judge-line.ts';
import { topicKey } from './topic-estimates.ts';

const FARTHER = 'farther from the target difficulty than what the iteration needs';

/**
 * Marks accepted problems beyond `limit` as not accepted. First stay, topic by topic, the nearest up to the topic’s
 * quota, then the nearest of all; the earlier of two that are equally near. Order and number of lines stay as they are.
 */
export const keepNearTarget = (
  lines: readonly JudgedProblem[],
  plan: CurriculumPlan,
  limit: number,
): JudgedProblem[] => {
  const quotas = new Map(plan.topics.map((topic) => [topicKey(topic), topic.quota]));
  const distance = distanceTo(plan);
  const nearest = lines
    .flatMap((line, index) => (line.accepted ? [{ line, index, distance: distance(line) }] : []))
    .sort((a, b) => a.distance - b.distance || a.index - b.index);
  if (nearest.length <= limit) return [...lines];
  const ranked = nearest.map((entry) => {
    const key = topicKey(entry.line.problem);
    const left = quotas.get(key) ?? 0;
    quotas.set(key, left - 1);
    return { ...entry, isWithinQuota: left > 0 };
  });
  // Stable: within each half the order of distance stays.
  const kept = new Set(
    [
      ...ranked.filter(({ isWithinQuota }) => isWithinQuota),
      ...ranked.filter(({ isWithinQuota }) => !isWithinQuota),
    ]
      .slice(0, limit)
      .map(({ index }) => index),
  );
  return lines.map((line, index) =>
    line.accepted && !kept.has(index) ? { ...line, accepted: false, reason: FARTHER } : line,
  );
};

/** Between the agreement that is expected of a problem and that of the target. The judge counts by what it was worth. */
const distanceTo = ({ topics, judge, target }: CurriculumPlan): ((line: JudgedProblem) => number) => {
  const difficulties = new Map(topics.map((topic) => [topicKey(topic), topic.difficulty]));
  return ({ problem, difficulty }) => {
    const ofTopic = 1 - (difficulties.get(topicKey(problem)) ?? target);
    const expected =
      difficulty === undefined
        ? ofTopic
        : judge.trust * expectedAgreement(judge, difficulty) + (1 - judge.trust) * ofTopic;
    return Math.abs(expected - (1 - target));
  };
};
