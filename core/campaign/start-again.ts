/** The settings with which a campaign goes on that is started again: changed last, and by its file as far as that may be. */
import type { CampaignConfig } from '../config/campaign-config.ts';
import {
  type CampaignChanges,
  changedConfig,
  describeChanges,
  differences,
} from '../steering/campaign-changes.ts';

export type StartAgain = {
  /** With which it was started the first time. */
  begun: CampaignConfig;
  /** As people had changed them when it ended. */
  last: CampaignConfig;
  /** Of the file with which it is started now. */
  file: CampaignConfig;
};

export type GoesOn = {
  config: CampaignConfig;
  /** What this start changes, as an audit line tells it. */
  changed: string[];
  /** Settings of the file that are others than at the first start, and may not change: those of another campaign. */
  fixed: string[];
  /** Whether the file names any other setting than at the first start. */
  isEdited: boolean;
};

/**
 * What the file has as at the first start says nothing: there what was changed since holds. Thrown: invalid-config, where
 * both do not fit together.
 */
export const startAgain = ({ begun, last, file }: StartAgain): GoesOn => {
  const { changes, fixed } = differences(begun, file);
  const isEdited = fixed.length > 0 || Object.keys(changes).length > 0;
  if (fixed.length > 0) return { config: last, changed: [], fixed, isEdited };
  const config = changedConfig(last, changes as CampaignChanges);
  return { config, changed: describeChanges(last, config), fixed, isEdited };
};
