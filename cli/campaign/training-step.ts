/** What a training job told last by heartbeat: exact to the step, where its workflow is told each twentieth. */
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { z } from 'zod';
import { lossText } from '../../core/details/training-progress.ts';
import type { Progress } from '../../workflows/progress.ts';

const Heartbeat = z.object({ step: z.int(), total: z.int(), loss: z.number() });

/** The progress of a campaign in training with the job’s own step; any other as it is. */
export const withTrainingStep = (
  progress: Progress | undefined,
  open: readonly Pick<WorkflowExecutionDescription, 'raw'>[],
): Progress | undefined => {
  const beat = progress?.stage === 'train' ? heartbeatOf(open) : undefined;
  if (!progress || !beat) return progress;
  const { step: done, total, loss } = beat;
  const { msLeft, done: before } = progress;
  // The pace is the workflow’s own, which leaves pauses out.
  const perStep = msLeft !== null && before > 0 && total > before ? msLeft / (total - before) : undefined;
  const rest = perStep === undefined ? msLeft : Math.round(perStep * (total - done));
  return { ...progress, done, total, note: lossText({ loss }), msLeft: rest };
};

const heartbeatOf = (open: readonly Pick<WorkflowExecutionDescription, 'raw'>[]) => {
  const activities = open.flatMap(({ raw }) => raw.pendingActivities ?? []);
  const waiting = activities.find(({ activityType }) => activityType?.name === 'awaitFineTune');
  const [payload] = waiting?.heartbeatDetails?.payloads ?? [];
  return payload ? Heartbeat.safeParse(defaultPayloadConverter.fromPayload(payload)).data : undefined;
};
