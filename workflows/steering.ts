/** What is handed down to children that are steered, and what a person is answered. */
import type { CampaignConfig } from '../core/config/campaign-config.ts';
import type { StopPoint } from '../core/steering/requests.ts';

export type Steering = {
  /**
   * When the run that says so began, ms since 1970: a problem outlives a campaign that is terminated, and one that is
   * started again has the last word, whatever sequence the earlier one had come to. Problems are told; 0 without it.
   */
  era?: number;
  /** Of two messages of an era the higher one holds, whichever came last. */
  sequence: number;
  paused: boolean;
  stop: StopPoint | null;
  /** The settings as they are now; problems have theirs from their start. */
  config?: CampaignConfig;
};

export type SteeringAnswer = {
  state: 'running' | 'paused' | 'stopping';
  iteration: number;
  stage: string;
  /** One sentence on what holds now. */
  message: string;
};
