/** One training job, from its start to the checkpoint in the bucket. */
import {
  ActivityFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  patched,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { StepContext } from '../activities/step.ts';
import type { FineTuneMeasures } from '../activities/training/training-activities.ts';
import type { TrainingConfig } from '../core/config/campaign-config.ts';
import { fineTuneDetails } from '../core/details/fine-tune-details.ts';
import { lossText, type TrainingProgress } from '../core/details/training-progress.ts';
import type { CheckpointSource } from '../core/report/iteration-record.ts';
import { training, trainingStop } from './activity-proxies.ts';
import { progressQuery, trainingProgress } from './messages.ts';
import { msLeft, notePause, type PauseClock } from './pause-clock.ts';
import type { Progress } from './progress.ts';
import { type Steered, steered } from './steered.ts';
import type { Steering } from './steering.ts';
import { tellProgress } from './tell-progress.ts';

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
  const shown = showTraining(input);
  const steering = steered(input.steering, ({ paused }) => {
    shown.pause(paused);
    if (paused) running?.cancel();
  });
  shown.pause(steering.now.paused);
  const { jobId, measures } = await untilDone(input, steering, (scope) => {
    running = scope;
  });
  const { loss, steps, examples, skipped, seconds } = measures;
  shown.end(measures);
  await steering.mayGoOn();
  const published = await training.publishCheckpoint({ ...context, jobId });
  await condition(allHandlersFinished);
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
      if (isCancellation(thrown) && patched('stops-jobs')) await stopJob(jobId);
      if (!isCancellation(thrown) || whole || !scope.consideredCancelled) throw thrown;
    }
  }
};

/** Whoever waited for the job ends it; where that worker died at this moment, another does. */
const stopJob = async (jobId: string): Promise<void> => {
  try {
    await CancellationScope.nonCancellable(() => trainingStop.stopFineTune({ jobId }));
  } catch (thrown) {
    if (!(thrown instanceof ActivityFailure)) throw thrown;
  }
};

/** On its page, in answers to queries and to its campaign: what the job told last. */
const showTraining = ({ context }: FineTuneInput) => {
  const clock: PauseClock & { told?: number } = { since: Date.now() };
  let told: TrainingProgress | undefined;
  let trained: FineTuneMeasures | undefined;
  const progress = (): Progress => {
    const { step: done, total } = told ?? { step: 0, total: 0 };
    return {
      ...{ iteration: context.iteration, stage: 'train', done, total, waitingFor: null },
      ...{ msLeft: msLeft(clock, done, total), ...(told ? { note: lossText(told) } : {}) },
    };
  };
  const describe = (): void => {
    const paused = clock.pausedAt !== undefined;
    setCurrentDetails(fineTuneDetails({ told, msLeft: progress().msLeft, paused, trained, now: Date.now() }));
  };
  setHandler(progressQuery, progress);
  setHandler(trainingProgress, async (next) => {
    // A job that goes on from a checkpoint tells some steps again.
    if (told && next.step < told.step) return;
    told = next;
    describe();
    await tellProgress(context.campaignId, clock, progress());
  });
  return {
    pause: (paused: boolean): void => {
      notePause(clock, paused);
      describe();
    },
    end: (measures: FineTuneMeasures): void => {
      trained = measures;
      describe();
    },
  };
};
