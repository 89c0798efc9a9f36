/** Shows a campaign’s progress until it ends: one line that is rewritten on a terminal, a line a change elsewhere. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { messageOf, UcoderError } from '../../core/errors.ts';
import type { CampaignState } from '../../core/report/report.ts';
import { clock } from '../clock.ts';
import { type CampaignStatus, campaignStatus } from './campaign-status.ts';

const POLL_MS = 2000;
/** On a pipe, a stage that stands still says so this often. */
const REPEAT_MS = 60_000;

/** Resolves with the state in which the campaign ended. */
export const followCampaign = async (
  client: Client,
  campaignId: string,
  out: NodeJS.WriteStream,
): Promise<CampaignState> => {
  const started = Date.now();
  const display = out.isTTY ? terminalDisplay(out) : pipeDisplay(out);
  for (;;) {
    const status = await campaignStatus(client, campaignId).catch((thrown: unknown) => {
      display.show(
        `The Temporal server does not answer (${messageOf(thrown).split('\n')[0]}); the campaign goes on without us.`,
      );
      return undefined;
    });
    if (status) {
      display.show(progressLine(status, Date.now() - started));
      if (status.state !== 'running' && status.state !== 'paused') {
        display.end();
        return status.state;
      }
    }
    await sleep(POLL_MS);
  }
};

/** Thrown: campaign-unfinished, so that a script that waits for a campaign learns how it ended. */
export const mustBeComplete = (campaignId: string, state: CampaignState): void => {
  if (state !== 'completed')
    throw new UcoderError(
      'campaign-unfinished',
      `Campaign ${campaignId} ${state === 'stopped' ? 'was' : 'has'} ${state}.`,
    );
};

/** «04:10  iteration 1 · solve 3 of 6 · about 01:20 left in this stage» */
export const progressLine = (status: CampaignStatus, elapsedMs: number): string => {
  const { iteration, stage, done, total, note, state, secondsLeft } = status;
  const units = total > 0 ? ` ${done} of ${total}` : '';
  const left = secondsLeft ? ` · about ${clock(secondsLeft * 1000)} left in this stage` : '';
  const wait = status.waitingFor ? ` · waiting: ${status.waitingFor}` : '';
  const paused = state === 'paused' ? ' · paused' : '';
  return `${clock(elapsedMs)}  iteration ${iteration} · ${stage}${units}${note ? `, ${note}` : ''}${left}${paused}${wait}`;
};

type Display = { show: (line: string) => void; end: () => void };

const terminalDisplay = (out: NodeJS.WriteStream): Display => ({
  show: (line) => out.write(`\r\u001b[K${line.slice(0, Math.max(20, (out.columns ?? 80) - 1))}`),
  end: () => out.write('\n'),
});

const pipeDisplay = (out: NodeJS.WriteStream): Display => {
  let last = '';
  let at = 0;
  return {
    show: (line) => {
      const content = line.replace(/^\S+\s+/, '').replace(/ · about .* left in this stage/, '');
      if (content === last && Date.now() - at < REPEAT_MS) return;
      [last, at] = [content, Date.now()];
      out.write(`${line}\n`);
    },
    end: () => undefined,
  };
};
