import { expect, it } from 'vitest';
import { servedNameOf } from '../../../activities/serving/serving-activities.ts';
import { type FineTuneRequest, jobIdOf, requestKey } from '../../../activities/training/fine-tune-request.ts';
import { TrainingConfig } from '../../../core/config/campaign-config.ts';

const request: FineTuneRequest = {
  campaignId: 'c',
  iteration: 2,
  seed: 1,
  training: TrainingConfig.parse({}),
  from: { iteration: 1 },
  baseModel: 'base',
};
const inputs = { datasetSha256: 'd', weightsSha256: 'w' };

it('is another job, and another model, where training is done again, and the same where something else is', () => {
  const again = { ...request, revisions: { '2': { training: 1, validation: 2 } } };
  expect(jobIdOf(again, inputs)).not.toBe(jobIdOf(request, inputs));
  expect(requestKey(jobIdOf(again, inputs))).toContain('campaigns/c/iterations/2/work/training/');
  expect(servedNameOf(again, 2)).toBe('c-iteration-2.r1');
  const other = { ...request, revisions: { '2': { validation: 2 }, '3': { training: 1 } } };
  expect(jobIdOf(other, inputs)).toBe(jobIdOf(request, inputs));
  expect(servedNameOf(other, 2)).toBe('c-iteration-2');
});
