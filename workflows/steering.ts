/** What is handed down to children that are steered, and what a person is answered. */
import type { CampaignConfig } from '../core/config/campaign-config.ts';
import type { StopPoint } from '../core/steering/requests.ts';

export type Steering = {
  /** Of two messages the higher one holds, whichever came last. */
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
