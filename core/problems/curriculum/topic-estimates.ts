/**
 * What is known of each topic: its agreement and its learning signal, means over measured problems shrunk to the
 * mean of the topic’s domain, that to the mean of all, and that to a problem at the target, so that what is not known
 * counts as most worth knowing. Shrinking by `prior` pseudo-observations is the posterior mean of a normal model
 * with known variances (Gelman et al., Bayesian Data Analysis, §5.4).
 */
import type { CurriculumConfig } from '../../config/curriculum-config.ts';
import type { Topic } from '../topics.ts';
import { expectedAgreement, type JudgeLine, judgeLine } from './judge-line.ts';
import { learningSignal } from './learning-signal.ts';
import type { MeasuredProblem } from './measured-problem.ts';

export const topicKey = ({ domain, topic }: Topic): string => `${domain}: ${topic}`;

/** By key; independent of the machine’s language. */
export const byKey = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export type TopicEstimate = Topic & {
  /** Measured problems, older ones counting less. */
  evidence: number;
  /** 0 to 1. */
  agreement: number;
  /** 0 to 1. */
  signal: number;
};

export type Estimates = { judge: JudgeLine; measured: number; topics: TopicEstimate[] };

export type EstimateInput = Pick<CurriculumConfig, 'memory' | 'prior'> & {
  topics: readonly Topic[];
  measured: readonly MeasuredProblem[];
  /** The iteration that is planned. */
  iteration: number;
  target: number;
};

/** Topics in the order of their keys. The order of the input changes nothing. */
export const estimateTopics = (input: EstimateInput): Estimates => {
  const { iteration, target, prior, memory } = input;
  // Sums of fractions depend on their order in the last digit.
  const measured = [...input.measured].sort((a, b) => a.iteration - b.iteration || byKey(a.id, b.id));
  const ageWeight = (problem: MeasuredProblem): number => memory ** (iteration - problem.iteration - 1);
  const judge = judgeLine(
    measured.flatMap((problem) => {
      const { judged, agreement } = problem;
      return judged === null || agreement === null ? [] : [{ judged, agreement, weight: ageWeight(problem) }];
    }),
    prior,
  );
  const observations = measured.flatMap((problem): Observation[] => {
    const { agreement, judged, domain } = problem;
    const at = { key: topicKey(problem), domain };
    if (agreement !== null) return [{ ...at, agreement, weight: ageWeight(problem) }];
    if (judged === null) return [];
    // Judged but never solved: counts by what the judge was worth.
    return [{ ...at, agreement: expectedAgreement(judge, judged), weight: judge.trust * ageWeight(problem) }];
  });
  const all = shrink({ agreement: 1 - target, signal: 1 }, observations, target, prior);
  const domains = new Map(
    groupBy(observations, ({ domain }) => domain).map(([domain, group]) => [
      domain,
      shrink(all, group, target, prior),
    ]),
  );
  const byTopic = new Map(groupBy(observations, ({ key }) => key));
  const topics = [...input.topics]
    .sort((a, b) => byKey(topicKey(a), topicKey(b)))
    .map(({ domain, topic }): TopicEstimate => {
      const own = byTopic.get(topicKey({ domain, topic })) ?? [];
      return { domain, topic, ...shrink(domains.get(domain) ?? all, own, target, prior) };
    });
  return { judge, measured: measured.filter(({ agreement }) => agreement !== null).length, topics };
};

type Observation = { key: string; domain: string; agreement: number; weight: number };
type Mean = { agreement: number; signal: number };

const shrink = (
  to: Mean,
  observations: readonly Observation[],
  target: number,
  prior: number,
): Mean & { evidence: number } => {
  let [evidence, agreement, signal] = [0, prior * to.agreement, prior * to.signal];
  for (const { agreement: one, weight } of observations) {
    evidence += weight;
    agreement += weight * one;
    signal += weight * learningSignal(one, target);
  }
  return { evidence, agreement: agreement / (prior + evidence), signal: signal / (prior + evidence) };
};

const groupBy = (
  observations: readonly Observation[],
  keyOf: (observation: Observation) => string,
): [string, Observation[]][] => {
  const groups = new Map<string, Observation[]>();
  for (const observation of observations) {
    const group = groups.get(keyOf(observation));
    if (group) group.push(observation);
    else groups.set(keyOf(observation), [observation]);
  }
  return [...groups];
};
