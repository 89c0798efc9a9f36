/** One training job, from its start to the checkpoint in the bucket. */
import type { StepContext } from '../activities/step.ts';
import type { TrainingConfig } from '../core/config/campaign-config.ts';
import type { CheckpointSource } from '../core/report/iteration-record.ts';
import { training } from './activity-proxies.ts';

export type FineTuneInput = {
  context: StepContext;
  training: TrainingConfig;
  from: CheckpointSource;
  baseModel: string;
};

export type FineTuneResult = {
  loss: number | null;
  steps: number;
  examples: number;
  skipped: number;
  seconds: number;
  checkpointUri: string;
  weightsSha256: string;
};

export async function fineTune(input: FineTuneInput): Promise<FineTuneResult> {
  const { context, from, baseModel } = input;
  const { jobId } = await training.startFineTune({ ...context, training: input.training, from, baseModel });
  const { loss, steps, examples, skipped, seconds } = await training.awaitFineTune({ jobId });
  const { uri, weightsSha256 } = await training.publishCheckpoint({ ...context, jobId });
  return { loss, steps, examples, skipped, seconds, checkpointUri: uri, weightsSha256 };
}
