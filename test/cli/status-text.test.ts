import { TypedSearchAttributes } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { type CampaignStatus, stateOf } from '../../cli/campaign/campaign-status.ts';
import { mustBeComplete, progressLine } from '../../cli/campaign/follow-campaign.ts';
import { startedText, statusText } from '../../cli/campaign/status-text.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';

const status: CampaignStatus = {
  ...{ id: 'nightly', state: 'running', iteration: 1, stage: 'solve', done: 40, total: 96 },
  ...{ waitingFor: null, secondsLeft: 25 * 60, secondsLeftAtMost: 3 * 3600, reason: null, pending: [] },
};

describe('the state of a campaign', () => {
  const of = (name: 'RUNNING' | 'COMPLETED' | 'FAILED' | 'TERMINATED', told?: string) =>
    stateOf({
      status: { name, code: 1 },
      typedSearchAttributes: new TypedSearchAttributes(
        told === undefined ? [] : [{ key: searchAttributes.state, value: told }],
      ),
    });

  it('knows one that is paused, and one that a person stopped, from one that runs or is complete', () => {
    expect([of('RUNNING'), of('RUNNING', 'paused'), of('RUNNING', 'stopping')]).toEqual([
      ...['running', 'paused', 'running'],
    ]);
    expect([of('COMPLETED', 'completed'), of('COMPLETED', 'stopped')]).toEqual(['completed', 'stopped']);
    // What was told last is no news of one that failed or was terminated since.
    expect([of('FAILED', 'paused'), of('TERMINATED', 'running')]).toEqual(['failed', 'stopped']);
  });
});

describe('ucoder status', () => {
  it('says where a campaign is and how long it takes', () => {
    expect(statusText(status)).toBe(
      'nightly: running, iteration 1, solve, 40 of 96\nTime left: about 25 min in this stage, 3 h until the last iteration at most\n',
    );
  });

  it('tells the steps and the loss of a training job', () => {
    const training = { ...status, stage: 'train', done: 12, total: 40, note: 'loss 0.52' };
    expect(statusText(training)).toContain('iteration 1, train, 12 of 40, loss 0.52\n');
    expect(progressLine(training, 0)).toBe(
      '00:00  iteration 1 · train 12 of 40, loss 0.52 · about 25:00 left in this stage',
    );
  });

  it('says why it waits, and promises no time then', () => {
    const held = { ...status, state: 'paused' as const, secondsLeft: null, secondsLeftAtMost: null };
    expect(statusText({ ...held, waitingFor: 'paused by ann: the power is needed' })).toBe(
      'nightly: paused, iteration 1, solve, 40 of 96\nWaiting: paused by ann: the power is needed\n',
    );
  });

  it('says why it ended', () => {
    const ended = { ...status, state: 'failed' as const, stage: 'failed', secondsLeft: null };
    expect(statusText({ ...ended, secondsLeftAtMost: null, reason: 'There is no model x.' })).toBe(
      'nightly: failed, iteration 1\nReason: There is no model x.\n',
    );
  });
});

it('ucoder start says where to look, and does not claim that a campaign runs which has ended', () => {
  expect(startedText('a', 'runs', 'http://ui')).toBe('Campaign a runs. Temporal UI: http://ui\n');
  expect(startedText('a', 'complete', 'http://ui')).toBe(
    'Campaign a has ended already; to run it once more, give it another name. Its report: npx ucoder report a\n',
  );
});

describe('ucoder start --follow', () => {
  it('fails where the campaign did, so that a script learns of it', () => {
    expect(() => mustBeComplete('a', 'completed')).not.toThrow();
    for (const [state, message] of [
      ['failed', 'Campaign a has failed.'],
      ['stopped', 'Campaign a was stopped.'],
    ] as const) {
      let thrown: unknown;
      try {
        mustBeComplete('a', state);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toMatchObject({ code: 'campaign-unfinished', exitCode: 1, message });
    }
  });

  it('shows the elapsed time, the units and the time left on one line', () => {
    expect(progressLine(status, 250_000)).toBe(
      '04:10  iteration 1 · solve 40 of 96 · about 25:00 left in this stage',
    );
    expect(progressLine({ ...status, secondsLeft: null, waitingFor: 'no worker' }, 0)).toBe(
      '00:00  iteration 1 · solve 40 of 96 · waiting: no worker',
    );
  });
});
