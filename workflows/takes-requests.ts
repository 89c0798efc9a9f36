/** Whether a campaign takes a request now, whatever it asks for. */
import { UcoderError } from '../core/errors.ts';
import type { CampaignState } from './campaign-state.ts';
import { hasRequestsLeft } from './history-limits.ts';
import { resumeUpdate, retuneUpdate, reviewUpdate, stopUpdate } from './messages.ts';

/** Thrown: steering-refused. `isFailing`: what is asked now would be lost with it. */
export const mustTakeRequest = (name: string, state: CampaignState, isFailing: boolean): void => {
  const { ended, progress } = state;
  const failing = isFailing && 'The campaign is failing. Ask again once it is started again.';
  const full =
    !hasRoom(name, state) &&
    'This iteration has taken as many requests as one run of a campaign has room for. Ask again once it has ended; stop and resume are taken.';
  const why = ended ? `The campaign has ended: ${progress.stage}.` : failing || full;
  if (why) throw new UcoderError('steering-refused', why);
};

/** Stop and resume are always taken: there is one of either at most for each other request. */
const hasRoom = (name: string, { paused }: CampaignState): boolean => {
  if (name === stopUpdate.name || name === resumeUpdate.name) return true;
  return hasRequestsLeft(name === reviewUpdate.name || (name === retuneUpdate.name && paused !== null));
};
