/** What a job is asked to do. It is kept in the bucket under the job's id, so that any worker can take it up. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { TrainingConfig } from '../../core/config/campaign-config.ts';
import { UcoderError } from '../../core/errors.ts';
import { layout } from '../../core/layout.ts';
import { Revisions, revisionOf } from '../../core/revisions.ts';

export const CheckpointSource = z.union([z.strictObject({ iteration: z.int().min(1) }), z.literal('base')]);
export type CheckpointSource = z.infer<typeof CheckpointSource>;

export const FineTuneRequest = z.strictObject({
  campaignId: z.string(),
  iteration: z.int().min(1),
  seed: z.int(),
  training: TrainingConfig,
  from: CheckpointSource,
  baseModel: z.string(),
  revisions: Revisions.optional(),
});
export type FineTuneRequest = z.infer<typeof FineTuneRequest>;

/** Hashes of what the weights depend on beside the settings. */
export type TrainingInputs = { datasetSha256: string; weightsSha256: string };

/** Equal inputs are one job. The back end is left out: where it runs changes nothing. */
export const jobIdOf = (request: FineTuneRequest, inputs: TrainingInputs): string => {
  const { backend: _, ...settings } = request.training;
  const revision = revisionOf(request.revisions, request.iteration, 'training');
  const ordered = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256').update(
    JSON.stringify([
      inputs.datasetSha256,
      inputs.weightsSha256,
      ordered,
      request.seed,
      ...(revision === 0 ? [] : [revision]),
    ]),
  );
  return `${request.campaignId}-${request.iteration}-${hash.digest('hex').slice(0, 16)}`;
};

/** Where the request of a job lies. Thrown: training-invalid where the id is none of ours. */
export const requestKey = (jobId: string): string => {
  const match = /^(?<campaignId>[a-z0-9-]+)-(?<iteration>\d+)-[0-9a-f]{16}$/.exec(jobId);
  if (!match?.groups?.campaignId)
    throw new UcoderError('training-invalid', `"${jobId}" is no id of a training job.`);
  const { campaignId, iteration } = match.groups;
  return layout.work({ campaignId }, Number(iteration), 'training', `${jobId}.json`);
};
