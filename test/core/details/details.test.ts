import { describe, expect, it } from 'vitest';
import { campaignDetails } from '../../../core/details/campaign-details.ts';
import { durationText } from '../../../core/details/duration-text.ts';
import { evaluationDetails } from '../../../core/details/evaluation-details.ts';
import { iterationDetails } from '../../../core/details/iteration-details.ts';
import { problemDetails } from '../../../core/details/problem-details.ts';
import { briefOf } from '../../../core/report/iteration-brief.ts';

const now = Date.UTC(2026, 4, 4, 14, 20);
const MINUTE = 60_000;

describe('durationText', () => {
  it('says the two largest units', () => {
    const hour = 60 * MINUTE;
    const said = [0, 59_400, MINUTE, 59.4 * MINUTE, hour, 2 * hour + 10 * MINUTE, 76 * hour, -5].map(
      durationText,
    );
    expect(said).toEqual(['0 s', '59 s', '1 min', '59 min', '1 h', '2 h 10 min', '3 d 4 h', '0 s']);
  });

  it('never says sixty minutes or twenty-four hours', () => {
    for (const ms of [59.6 * MINUTE, 119.7 * MINUTE, (24 * 60 - 0.4) * MINUTE])
      expect(durationText(ms)).not.toMatch(/60 (s|min)|24 h/);
  });
});

const campaign = {
  ...{ state: 'running', iteration: 2, maxIterations: 6, stage: 'problems', campaignMsLeft: 180 * MINUTE },
  told: { stage: 'solve', done: 40, total: 96, msLeft: 25 * MINUTE },
  ...{ waitingFor: null, child: 'campaign/x/iteration-2', lastEvent: 'stage problems begins', now },
  iterations: [briefOf({ n: 0, evaluation: [], stages: { validation: { tokens: 120, seconds: 1 } } })],
};

describe('a campaign’s page', () => {
  it('has counts, time left, the child at work, the last event and a line for each iteration', () => {
    expect(campaignDetails(campaign).split('\n')).toEqual([
      '**running**',
      '- Iteration 2 of at most 6, stage problems, solve: 40 of 96',
      '- Time left: about 25 min in this stage, 3 h until the last iteration (as of 2026-05-04 14:20 UTC)',
      '- In progress: `campaign/x/iteration-2`',
      '- Last event: stage problems begins',
      '',
      '| iteration | problems | with consensus | pairs | training loss | pass@1 | tokens |',
      '| --------- | -------: | -------------: | ----: | ------------: | -----: | -----: |',
      '| 0         |        - |              - |     - |             - |      - |    120 |',
      '',
    ]);
  });

  it('says why it is held, and for whom it waits, in the words that were given as text', () => {
    const text = campaignDetails({
      ...campaign,
      ...{ state: 'paused', why: '<b>power</b> (by ann)', told: undefined, campaignMsLeft: null },
      waitingFor: 'another campaign holds the model server',
    });
    expect(text).toContain('**paused**: \\<b\\>power\\</b\\> (by ann)');
    expect(campaignDetails({ ...campaign, failed: 2 })).toContain(
      '- Failed by a fault of ours: 2; the update',
    );
    expect(text).not.toContain('fault of ours');
    expect(text).toContain('- Waiting: another campaign holds the model server');
    expect(text).not.toContain('Time left');
  });
});

describe('an iteration’s page', () => {
  const iteration = {
    ...{ phase: 'solve', done: 2, total: 30, msLeft: 14 * MINUTE, paused: false, now },
    open: Array.from({ length: 12 }, (_, index) => `p${index}`),
    ...{ proposed: 40, accepted: 30, discardedProblems: { 'not clear': 3, duplicate: 7 } },
    ...{ outcomes: { consensus: 1, 'no-consensus': 1 }, tests: { written: 24, usable: 20 } },
    ...{ candidates: { sampled: 16 }, verdicts: { pass: 5, fail: 9 }, lastEvent: 'p0: consensus' },
    stages: { propose: { tokens: 10 }, solve: { tokens: 900 } },
  };

  it('has what was made so far, the most frequent first', () => {
    expect(iterationDetails(iteration).split('\n')).toEqual([
      '**solve**: 2 of 30 problems',
      '- Time left: about 14 min of solve (as of 2026-05-04 14:20 UTC)',
      '- In progress: p0, p1, p2, p3, p4, p5, p6, p7, p8, p9 and 2 more',
      '- Proposed 40, accepted 30; discarded: duplicate 7, not clear 3',
      '- Ended: consensus 1, no-consensus 1',
      '- Tests 24, usable 20; candidates 16',
      '- Verdicts: fail 9, pass 5',
      '- Completion tokens: solve 900, propose 10',
      '- Last event: p0: consensus',
    ]);
  });

  it('tells the target of a curriculum', () => {
    expect(iterationDetails({ ...iteration, curriculum: { target: 0.4 } })).toContain(
      '\n- Curriculum: target difficulty 0.40\n',
    );
  });

  it('promises no time while it is paused', () => {
    expect(iterationDetails({ ...iteration, paused: true })).toMatch(/^\*\*paused\*\*(?![\s\S]*Time left)/);
  });
});

it('an evaluation’s page ends with its score instead of a time', () => {
  const state = { stage: 'validate', done: 16, total: 32, msLeft: MINUTE, paused: false, now };
  expect(evaluationDetails(state)).toContain('Time left: about 1 min of validate');
  const score = { passAt1: 0.25, passed: 8, total: 32, low: 0.1, high: 0.4, tokens: 5 };
  expect(evaluationDetails({ ...state, done: 32, score })).toBe(
    '**validate**: 32 of 32 questions answered\n- pass@1 25.0 %: 8 of 32 passed',
  );
});

it('a problem’s page says how it ended and why', () => {
  const text = problemDetails({
    ...{ state: 'no-consensus', reason: 'no cluster of 2', share: 0, verdicts: { fail: 8 } },
    tests: { written: 5, usable: 4, dropped: { 'cannot run': 1 } },
    candidates: { sampled: 8, discarded: {} },
  });
  expect(text).toContain('**no-consensus**: no cluster of 2');
  expect(text).toContain('usable 4; dropped: cannot run 1');
});
