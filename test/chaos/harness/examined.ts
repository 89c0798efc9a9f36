/** What the checks of I1 to I6 look at: a stack, or in the checks' own test one whose store was doctored. */
import { z } from 'zod';
import { layout, type Place } from '../../../core/layout.ts';
import { ResultRevisions } from '../../../core/report/campaign-documents.ts';
import type { ChaosStack } from './chaos-stack.ts';

export type Examined = Pick<ChaosStack, 's3' | 'folder' | 'trainerPlan'> & {
  store: Pick<ChaosStack['store'], 'list' | 'read' | 'readJson' | 'readJsonLines'>;
  model: Pick<ChaosStack['model'], 'asked'>;
  workers: { sandbox: { pid: number } };
};

/** Of an iteration's folder, what a retry made last. */
export const placeOf = async ({ store }: Pick<Examined, 'store'>, campaignId: string): Promise<Place> => {
  const { revisions } = await store.readJson(layout.result(campaignId), z.looseObject(ResultRevisions.shape));
  return { campaignId, revisions };
};
