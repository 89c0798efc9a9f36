import { describe, expect, it } from 'vitest';
import { forecast } from '../../../core/campaign/forecast.ts';
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { PLANTED_PROBLEMS } from '../../../core/judging/planted-problems.ts';
import type { PromptSet } from '../../../core/prompts/prompt-set.ts';
import { loadPromptSet } from '../../../infra/prompts/load-prompt-set.ts';

/** One number for each factor, so that a product tells which were multiplied. */
const settings = {
  name: 'a',
  model: { base: 'x' },
  problems: { count: 10, maxProposals: 20 },
  tests: { count: 7 },
  candidates: { count: 8, maxTokens: 100 },
  validation: { source: 'heldout', share: 0.3 },
  iterations: { max: 2 },
};
const config = (changes: object = {}): CampaignConfig => CampaignConfig.parse({ ...settings, ...changes });

/** Tokens of a judge's answer 3 × 5, of every other answer its own prime. */
const promptSet = async (): Promise<PromptSet> => {
  const set = structuredClone(await loadPromptSet('paper'));
  const { propose, judge, refine, sketch, tests } = set.stages;
  propose.sampling.maxTokens = 11;
  refine.sampling.maxTokens = 13;
  sketch.sampling.maxTokens = 17;
  Object.assign(tests.sampling, { maxTokens: 19, samples: 2 });
  tests.text = 'Write {{count}} tests.';
  if (judge.form === 'log-likelihood') throw new Error('The paper’s judge is asked.');
  judge.sampling.maxTokens = 5;
  judge.criteria = judge.criteria.slice(0, 3);
  return set;
};
const RATING = 3 * 5;

describe('the forecast of an iteration', () => {
  it('bounds tokens by the most requests of each stage and their limits', async () => {
    const [, first] = forecast(config(), await promptSet()).iterations;
    expect(first).toMatchObject({ n: 1, proposals: 20, problems: 10, candidates: 80 });
    expect(first?.tokensByStage).toEqual({
      propose: 20 * 11,
      judge: (PLANTED_PROBLEMS.length + 20) * RATING + 20 * (13 + RATING),
      sketch: 10 * 17,
      test: 10 * 2 * 19,
      solve: 10 * 8 * 100,
      validation: 3 * 100,
    });
  });

  it('counts a pair for each test of a candidate, two for its check, and those of held-out answers', async () => {
    const [, first] = forecast(config(), await promptSet()).iterations;
    expect(first?.executionsByStage).toEqual({
      'check-tests': 10 * 7 * 2,
      execute: 10 * 8 * 7,
      validation: 3 * 7,
    });
    const [, twice] = forecast(config({ limits: { repeat: 2 } }), await promptSet()).iterations;
    expect(twice?.executionsByStage).toEqual({
      'check-tests': 10 * 7 * 2,
      execute: 10 * 8 * 7 * 2,
      validation: 3 * 7 * 2,
    });
  });

  it('asks for tests once a category where the prompt asks by category', async () => {
    const set = await promptSet();
    set.stages.tests.text = '{{category}}';
    const [, first] = forecast(config(), set).iterations;
    expect(first?.tokensByStage.test).toBe(10 * 5 * 2 * 19);
  });

  it('rewrites nothing where refine is off, and a judge by likelihood writes nothing', async () => {
    const problems = { ...settings.problems, refine: false };
    const [, asked] = forecast(config({ problems }), await promptSet()).iterations;
    expect(asked?.tokensByStage.judge).toBe((PLANTED_PROBLEMS.length + 20) * RATING);
    const small = await loadPromptSet('small');
    const [, scored] = forecast(config({ problems }), small).iterations;
    expect(scored?.tokensByStage.judge).toBe(0);
  });

  it('asks for a difficulty of every proposal at most, where there is a curriculum and the set asks', async () => {
    const problems = { ...settings.problems, refine: false, curriculum: {} };
    const set = await promptSet();
    if (set.stages.difficulty) set.stages.difficulty.sampling.maxTokens = 7;
    const [, asked] = forecast(config({ problems }), set).iterations;
    expect(asked?.tokensByStage.judge).toBe((PLANTED_PROBLEMS.length + 20) * RATING + 20 * 7);
    const [, scored] = forecast(config({ problems }), await loadPromptSet('small')).iterations;
    expect(scored?.tokensByStage.judge).toBe(0);
  });

  it('has three proposals a problem by default, and no more problems than proposals', async () => {
    const set = await promptSet();
    expect(forecast(config({ problems: { count: 10 } }), set).iterations[1]).toMatchObject({
      proposals: 30,
      problems: 10,
    });
    expect(forecast(config({ problems: { count: 10, maxProposals: 4 } }), set).iterations[1]).toMatchObject({
      proposals: 4,
      problems: 4,
      candidates: 32,
    });
  });
});

describe('the forecast of a campaign', () => {
  it('measures the base in iteration 0, and every benchmark after each iteration', async () => {
    const { iterations } = forecast(
      config({ evaluation: [{ benchmark: 'humaneval', limit: 20 }] }),
      await promptSet(),
    );
    expect(iterations.map(({ n }) => n)).toEqual([0, 1, 2]);
    expect(iterations[0]).toMatchObject({ proposals: 0, candidates: 0, tokens: 23 * 100 });
    for (const { tokensByStage, executionsByStage } of iterations) {
      expect(tokensByStage).toMatchObject({ validation: 3 * 100, evaluation: 20 * 100 });
      expect(executionsByStage).toMatchObject({ validation: 3 * 7, evaluation: 20 });
    }
  });

  it('asks a benchmark that validates and is reported once, and never more than it has', async () => {
    const set = await promptSet();
    const both = { validation: { source: 'humaneval' }, evaluation: [{ benchmark: 'humaneval' }] };
    expect(forecast(config(both), set).iterations[0]?.tokensByStage).toEqual({ validation: 164 * 100 });
    const much = { validation: { source: 'humaneval', limit: 1000 } };
    expect(forecast(config(much), set).iterations[0]?.tokens).toBe(164 * 100);
  });

  it('adds the iterations up', async () => {
    const { iterations, total } = forecast(config(), await promptSet());
    for (const key of ['proposals', 'problems', 'candidates', 'tokens', 'executions'] as const)
      expect(total[key]).toBe(iterations.reduce((sum, iteration) => sum + iteration[key], 0));
    expect(total).toMatchObject({ proposals: 40, problems: 20, candidates: 160 });
  });

  it('tells hours at the speeds given, and none without', async () => {
    const set = await promptSet();
    const without = forecast(config(), set);
    expect(without.total.hours).toEqual({ sampling: null, executing: null, total: null });
    expect(without.assumptions.join()).toContain('--tokens-per-second');
    expect(without.assumptions.join()).toContain('--pairs-per-second');
    const { total, assumptions } = forecast(config(), set, { tokensPerSecond: 10, pairsPerSecond: 2 });
    const [sampling, executing] = [total.tokens / 36_000, total.executions / 7200];
    expect(total.hours).toEqual({ sampling, executing, total: sampling + executing });
    expect(assumptions.join()).not.toContain('need a speed');
    expect(forecast(config(), set, { pairsPerSecond: 2 }).total.hours).toEqual({
      sampling: null,
      executing,
      total: null,
    });
  });
});

describe('the budget beside the forecast', () => {
  it('names the first iteration by whose end it may be spent', async () => {
    const set = await promptSet();
    const limits = (budget: object, speeds = {}) => forecast(config({ budget }), set, speeds).limits;
    const [base, first, second] = forecast(config(), set).iterations.map(({ tokens }) => tokens);
    const total = (base ?? 0) + (first ?? 0) + (second ?? 0);
    const pausesIn = (tokens: number) => limits({ tokens })[0]?.mayPauseIn;
    expect(limits({})).toEqual([]);
    expect(limits({ tokens: total + 1 })).toEqual([
      { limit: 'budget.tokens', value: total + 1, atMost: total, mayPauseIn: null },
    ]);
    expect(pausesIn(total)).toBe(2);
    expect(pausesIn(total - (second ?? 0))).toBe(1);
    expect(pausesIn(1)).toBe(0);
  });

  it('compares hours where a speed is known', async () => {
    const set = await promptSet();
    const hours = (speeds: object) => forecast(config({ budget: { hours: 1 } }), set, speeds).limits[0];
    expect(hours({})).toMatchObject({ atMost: null, mayPauseIn: null });
    expect(hours({ tokensPerSecond: 1e9 })).toMatchObject({ mayPauseIn: null });
    expect(hours({ tokensPerSecond: 1e9, pairsPerSecond: 0.001 })).toMatchObject({ mayPauseIn: 0 });
  });
});
