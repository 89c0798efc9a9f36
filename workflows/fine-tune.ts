/** One training job, from its start to the checkpoint in the bucket. */
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { StepContext } from '../activities/step.ts';
import type { FineTuneMeasures } from '../activities/training/training-activities.ts';
import type { TrainingConfig } from '../core/config/campaign-config.ts';
import type { CheckpointSource } from '../core/report/iteration-record.ts';
import { training } from './activity-proxies.ts';
import { type Steered, steered } from './steered.ts';
import type { Steering } from './steering.ts';

export type FineTuneInput = {
  context: StepContext;
  training: TrainingConfig;
  from: CheckpointSource;
  baseModel: string;
  steering?: Steering;
};

export type FineTuneResult = {
  loss: number | null;
  steps: number;
  examples: number;
  skipped: number;
  seconds: number;
  checkpointUri: string;
  weightsSha256: string;
  /** Of the checkpoint’s way into the bucket. */
  publishSeconds: number;
};

export async function fineTune(input: FineTuneInput): Promise<FineTuneResult> {
  const { context } = input;
  let running: CancellationScope | undefined;
  const steering = steered(input.steering, ({ paused }) => {
    if (paused) running?.cancel();
  });
  const { jobId, measures } = await untilDone(input, steering, (scope) => {
    running = scope;
  });
  const { loss, steps, examples, skipped, seconds } = measures;
  await steering.mayGoOn();
  const published = await training.publishCheckpoint({ ...context, jobId });
  const { uri: checkpointUri, weightsSha256, seconds: publishSeconds } = published;
  return { loss, steps, examples, skipped, seconds, checkpointUri, weightsSha256, publishSeconds };
}

/** A pause lets the job write a checkpoint and end; the next start goes on from there. */
const untilDone = async (
  { context, from, baseModel, training: settings }: FineTuneInput,
  steering: Steered,
  running: (scope: CancellationScope) => void,
): Promise<{ jobId: string; measures: FineTuneMeasures }> => {
  for (;;) {
    await steering.mayGoOn();
    const { jobId } = await training.startFineTune({ ...context, training: settings, from, baseModel });
    const scope = new CancellationScope();
    running(scope);
    // A pause that came while the job was being started.
    const waited = scope.run(() => training.awaitFineTune({ jobId }));
    if (steering.now.paused) scope.cancel();
    try {
      return { jobId, measures: await waited };
    } catch (thrown) {
      const whole = CancellationScope.current().consideredCancelled;
      if (!isCancellation(thrown) || whole || !scope.consideredCancelled) throw thrown;
    }
  }
};
