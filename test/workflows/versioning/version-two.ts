/** All workflows as they are, but a problem that has one step more: what a later version could look like. */
import { patched } from '@temporalio/workflow';
import { campaignStore } from '../../../workflows/activity-proxies.ts';
import { type ProblemInput, problem as versionOne } from '../../../workflows/problem.ts';
import type { ProblemOutcome } from '../../../workflows/problem-outcome.ts';

export { campaign } from '../../../workflows/campaign.ts';
export { evaluation } from '../../../workflows/evaluation.ts';
export { fineTune } from '../../../workflows/fine-tune.ts';
export { iteration } from '../../../workflows/iteration.ts';
export { serverLease } from '../../../workflows/server-lease.ts';

/** Runs that version 1 began have no mark, and go on without the step. */
export async function problem(input: ProblemInput): Promise<ProblemOutcome> {
  if (patched('one-step-more')) await campaignStore.acceptedPage({ ...input.context, from: 0, size: 1 });
  return versionOne(input);
}
