/** A pause stops our own model server once nothing is in flight there; what goes on waits until it is back. */
import { ActivityFailure } from '@temporalio/common';
import { CancellationScope, condition, isCancellation, patched, workflowInfo } from '@temporalio/workflow';
import { quiet, serverRest, serving } from './activity-proxies.ts';
import { type CampaignInput, type CampaignState, describe } from './campaign-state.ts';

/** Runs beside the campaign. `tell` tells the child at work that it may go on. */
export const watchServer = async (
  { config }: CampaignInput,
  state: CampaignState,
  tell: () => Promise<void>,
): Promise<void> => {
  if (config.serving.mode !== 'managed') return;
  for (;;) {
    await condition(() => state.paused !== null || state.rests === true);
    // A campaign that waits for its turn has no server.
    if (!state.holdsServer || !patched('rests-server')) {
      await condition(() => state.paused === null);
      continue;
    }
    if (state.paused) {
      await rest(config.name, state);
      await condition(() => state.paused === null);
    }
    if (state.rests) await wake(state, tell);
  }
};

/** A resume that comes before all is quiet leaves the server as it is. */
const rest = async (campaignId: string, state: CampaignState): Promise<void> => {
  if (state.rests) return;
  const scope = new CancellationScope();
  const resumed = condition(() => state.paused === null).then(() => scope.cancel());
  try {
    await Promise.race([
      scope.run(() => quiet.awaitQuiet({ workflowId: workflowInfo().workflowId })),
      resumed,
    ]);
  } catch (thrown) {
    if (!isCancellation(thrown) || state.paused !== null) throw thrown;
  }
  if (state.paused === null) return;
  state.rests = true;
  // Where it cannot be stopped, its memory is not freed; the campaign is paused all the same.
  await evenIfItFails(serverRest.restModelServer({ campaignId }));
};

const wake = async (state: CampaignState, tell: () => Promise<void>): Promise<void> => {
  state.progress.waitingFor = 'the model server loads its checkpoint again';
  describe(state);
  // Where it does not come back, the steps that ask it say why.
  await evenIfItFails(serving.wakeModelServer());
  state.rests = false;
  state.progress.waitingFor = null;
  describe(state);
  await tell();
};

const evenIfItFails = async (work: Promise<void>): Promise<void> => {
  try {
    await work;
  } catch (thrown) {
    if (!(thrown instanceof ActivityFailure) || isCancellation(thrown)) throw thrown;
  }
};
