/**
 * The most that one iteration can cost, stage by stage, from settings and prompt set alone: every proposal that is
 * allowed is made, every one is rewritten, as many problems as wanted are accepted, no candidate is spared, and
 * every answer is as long as its limit. Stages are named as in the report, so that both can be compared.
 */
import type { CampaignConfig } from '../config/campaign-config.ts';
import { BENCHMARK_SIZES } from '../evaluation/benchmark-sizes.ts';
import { heldoutCount } from '../evaluation/heldout.ts';
import { PLANTED_PROBLEMS } from '../judging/planted-problems.ts';
import { mostProposals } from '../problems/next-batch.ts';
import type { AskedStage, PromptSet } from '../prompts/prompt-set.ts';
import { testRequests } from '../prompts/test-requests.ts';

export type IterationBound = {
  /** 0 measures the base model and makes nothing. */
  n: number;
  proposals: number;
  problems: number;
  candidates: number;
  /** Completion tokens by stage. */
  tokensByStage: Record<string, number>;
  /** Candidate × test pairs by stage. */
  executionsByStage: Record<string, number>;
};

type Measured = Pick<IterationBound, 'tokensByStage' | 'executionsByStage'>;

export const boundOfBase = (config: CampaignConfig): IterationBound => ({
  n: 0,
  proposals: 0,
  problems: 0,
  candidates: 0,
  ...measuring(config),
});

export const boundOfIteration = (config: CampaignConfig, prompts: PromptSet, n: number): IterationBound => {
  const { stages } = prompts;
  const proposals = mostProposals(config.problems);
  const problems = mostProblems(config);
  const { candidates, tests, limits, problems: proposing } = config;
  const rating = tokensOfRating(stages.judge);
  const difficulty =
    proposing.curriculum && stages.difficulty ? proposals * tokensOfAnswer(stages.difficulty) : 0;
  const refining = proposing.refine ? proposals * (tokensOfAnswer(stages.refine) + rating) : 0;
  const testing = testRequests(prompts, tests.count).length * stages.tests.sampling.samples;
  const after = measuring(config);
  return {
    n,
    proposals,
    problems,
    candidates: problems * candidates.count,
    tokensByStage: {
      propose: proposals * tokensOfAnswer(stages.propose),
      judge: (PLANTED_PROBLEMS.length + proposals) * rating + refining + difficulty,
      sketch: problems * tokensOfAnswer(stages.sketch),
      test: problems * testing * tokensOfAnswer(stages.tests),
      solve: problems * candidates.count * candidates.maxTokens,
      ...after.tokensByStage,
    },
    executionsByStage: {
      // The arguments of each test are run twice.
      'check-tests': problems * tests.count * 2,
      execute: problems * candidates.count * tests.count * limits.repeat,
      ...after.executionsByStage,
    },
  };
};

const mostProblems = (config: CampaignConfig): number =>
  Math.min(config.problems.count, mostProposals(config.problems));

/** One sample of the stage. */
const tokensOfAnswer = ({ sampling }: Pick<AskedStage, 'sampling'>): number => sampling.maxTokens;

/** One request a criterion; a judge by likelihood writes nothing. */
const tokensOfRating = (judge: PromptSet['stages']['judge']): number =>
  judge.form === 'log-likelihood' ? 0 : judge.criteria.length * tokensOfAnswer(judge);

/** One greedy answer a question. A benchmark that validates and is reported as well is asked once. */
const measuring = (config: CampaignConfig): Measured => {
  const { validation, tests, limits, candidates } = config;
  const { source } = validation;
  const bound: Measured = { tokensByStage: {}, executionsByStage: {} };
  const add = (stage: string, questions: number, testsEach: number): void => {
    bound.tokensByStage[stage] = (bound.tokensByStage[stage] ?? 0) + questions * candidates.maxTokens;
    bound.executionsByStage[stage] =
      (bound.executionsByStage[stage] ?? 0) + questions * testsEach * limits.repeat;
  };
  if (source === 'heldout')
    add('validation', heldoutCount(mostProblems(config), validation.share), tests.count);
  else add('validation', Math.min(BENCHMARK_SIZES[source], validation.limit ?? Infinity), 1);
  for (const { benchmark, limit } of config.evaluation) {
    if (benchmark !== source) add('evaluation', Math.min(BENCHMARK_SIZES[benchmark], limit ?? Infinity), 1);
  }
  return bound;
};
