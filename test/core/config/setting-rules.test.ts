import { describe, expect, it } from 'vitest';
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { settingProblems } from '../../../core/config/setting-rules.ts';

describe('settingProblems', () => {
  const problemsOf = (changes: object) =>
    settingProblems(CampaignConfig.parse({ name: 'c', model: { base: 'm' }, ...changes }));

  it('refuses to ask other questions of a benchmark for validation than for evaluation', () => {
    const validation = { source: 'humaneval', limit: 20 };
    expect(problemsOf({ validation, evaluation: [{ benchmark: 'humaneval' }] })).toEqual([
      {
        path: ['evaluation', 0],
        message: 'asks other questions of humaneval than validation; use the same limit',
      },
    ]);
    expect(problemsOf({ validation, evaluation: [{ benchmark: 'humaneval', limit: 20 }] })).toEqual([]);
    expect(problemsOf({ evaluation: [{ benchmark: 'humaneval' }] })).toEqual([]);
  });

  it('refuses a curriculum that goes from hard to easy', () => {
    expect(problemsOf({ problems: { curriculum: { start: 0.4, end: 0.4 } } })).toEqual([]);
    expect(problemsOf({ problems: { curriculum: false } })).toEqual([]);
    expect(problemsOf({ problems: { curriculum: { start: 0.7 } } })).toEqual([
      {
        path: ['problems', 'curriculum', 'end'],
        message: '0.5 is below start (0.7): easy problems come first',
      },
    ]);
  });

  it('refuses adaptive sampling of several temperatures, and for strategies that no later candidate can be ruled out of', () => {
    const candidates = { adaptive: {} };
    for (const strategy of ['consensus', 'output-consensus', 'codet', 'majority-weighted', 'dual-output'])
      expect(problemsOf({ candidates, selection: { strategy } })).toEqual([]);
    for (const strategy of ['output-hash', 'lowest-perplexity', 'random-passing'])
      expect(problemsOf({ candidates, selection: { strategy } })).toMatchObject([
        { path: ['candidates', 'adaptive'] },
      ]);
    expect(problemsOf({ candidates: { adaptive: {}, temperature: [0.6, 0.8] } })).toMatchObject([
      { path: ['candidates', 'adaptive'] },
    ]);
  });

  it('refuses to judge tests by their flakiness where candidates are cut short', () => {
    const selection = { maxFlakyShare: 0.5 };
    expect(problemsOf({ selection, limits: { repeat: 2 } })).toEqual([]);
    expect(problemsOf({ selection, limits: { repeat: 2, earlyExit: true } })).toMatchObject([
      { path: ['selection', 'maxFlakyShare'] },
    ]);
  });
});
