/** From an iteration’s selections to the dataset that its fine-tune reads. */
import { patched } from '@temporalio/workflow';
import type { StepContext } from '../activities/step.ts';
import type { PublishedDataset } from '../activities/training/dataset-activities.ts';
import { benchmarksOf } from '../core/config/campaign-config.ts';
import type { IterationRecord } from '../core/report/iteration-record.ts';
import { datasets, trees } from './activity-proxies.ts';
import type { CampaignInput, CampaignState } from './campaign-state.ts';
import { addMeasures } from './stage-totals.ts';

/** Without a benchmark there is nothing to compare syntax trees with. */
export const publishDataset = async (
  { config }: CampaignInput,
  { heldout }: CampaignState,
  { stages }: IterationRecord,
  context: StepContext,
): Promise<PublishedDataset> => {
  const { data } = config.training;
  const benchmarks = benchmarksOf(config);
  const comparison =
    benchmarks.length > 0 && patched('trees')
      ? await trees.readTrees({ ...context, data, benchmarks })
      : undefined;
  if (comparison) addMeasures(stages, 'trees', comparison);
  const dataset = await datasets.publishDataset({
    ...context,
    data,
    baseModel: config.model.base,
    heldoutIteration: heldout?.iteration ?? null,
    benchmarks,
    ...(comparison?.read ? { trees: true } : {}),
  });
  addMeasures(stages, 'consolidate', dataset);
  return dataset;
};
