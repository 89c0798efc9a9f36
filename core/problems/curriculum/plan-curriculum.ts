/** Decides an iteration’s topics and difficulty from what earlier iterations measured. Pure, and the same for a seed. */
import type { CurriculumConfig } from '../../config/curriculum-config.ts';
import { seededRandom } from '../../statistics/seeded-random.ts';
import type { Topic } from '../topics.ts';
import type { CurriculumPlan } from './curriculum-plan.ts';
import type { MeasuredProblem } from './measured-problem.ts';
import { targetDifficulty } from './target-difficulty.ts';
import { estimateTopics } from './topic-estimates.ts';
import { topicQuotas } from './topic-quotas.ts';

export type PlanInput = {
  settings: CurriculumConfig;
  topics: readonly Topic[];
  /** Problems of `measuredIn`, in any order. */
  measured: readonly MeasuredProblem[];
  measuredIn: readonly number[];
  iteration: number;
  /** Earlier iterations that count for the schedule. */
  step: number;
  /** Problems wanted. */
  count: number;
  seed: number;
};

/**
 * Each topic gets an even share of `exploration`, and of the rest by its learning signal. A topic that agrees more
 * than the target is asked for harder problems, one that agrees less for easier ones.
 */
export const planCurriculum = (input: PlanInput): CurriculumPlan => {
  const { settings, topics, measured, measuredIn, iteration, step, count, seed } = input;
  const target = targetDifficulty(settings, step);
  const estimates = estimateTopics({ ...settings, topics, measured, iteration, target });
  const signals = estimates.topics.reduce((sum, { signal }) => sum + signal, 0);
  const { exploration } = settings;
  const even = exploration / topics.length;
  const weights = estimates.topics.map(({ signal }) =>
    signals > 0 ? even + ((1 - exploration) * signal) / signals : 1 / topics.length,
  );
  const offset = seededRandom(seed, `curriculum/${iteration}`)();
  const quotas = topicQuotas(weights, count, offset);
  return {
    iteration,
    seed,
    target: rounded(target),
    count,
    wanted: count + Math.ceil(count * settings.surplus),
    measuredIn: [...measuredIn],
    measured: estimates.measured,
    judge: {
      ...estimates.judge,
      easiest: rounded(estimates.judge.easiest),
      slope: rounded(estimates.judge.slope),
      trust: rounded(estimates.judge.trust),
    },
    topics: estimates.topics.map(({ domain, topic, evidence, agreement, signal }, index) => {
      const difficulty = Math.max(0, 1 - agreement);
      return {
        domain,
        topic,
        evidence: rounded(evidence),
        difficulty: rounded(difficulty),
        signal: rounded(signal),
        weight: rounded(weights[index] ?? 0),
        quota: quotas[index] ?? 0,
        asked: rounded(Math.min(1, Math.max(0, 2 * target - difficulty))),
      };
    }),
  };
};

/** Digits that a person reads; quotas come from the exact weights. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
