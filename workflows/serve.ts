/** Puts a checkpoint on the model server; a stage of several others. */
import type { ModelStepContext } from '../activities/step.ts';
import type { CheckpointSource, IterationRecord } from '../core/report/iteration-record.ts';
import { serving } from './activity-proxies.ts';
import { type CampaignInput, type CampaignState, enter } from './campaign-state.ts';
import { addMeasures } from './stage-totals.ts';

/** Serves a checkpoint and says under which name the iteration’s steps find it. */
export const serve = async (
  { config }: CampaignInput,
  state: CampaignState,
  record: IterationRecord,
  from: CheckpointSource,
  n: number,
): Promise<{ context: ModelStepContext; weightsSha256: string | null }> => {
  await enter(state, n, 'serve');
  const { revisions } = state;
  const place = { campaignId: config.name, ...(revisions ? { revisions } : {}) };
  const summary = from === 'base' ? 'the base model' : `checkpoint of iteration ${from.iteration}`;
  const served = await serving.serveCheckpoint.executeWithOptions({ summary }, [
    {
      ...place,
      from,
      baseModel: config.model.base,
      serving: config.serving,
      contextLength: config.model.contextLength,
    },
  ]);
  addMeasures(record.stages, 'serve', served);
  const context = {
    ...place,
    iteration: n,
    seed: config.seed,
    servedModel: served.servedModel,
  };
  return { context, weightsSha256: served.weightsSha256 };
};
