/** The real campaign, for which a history is long that a test fills with a few messages. */
import { historyLimits } from '../../../workflows/history-limits.ts';

export { campaign } from '../../../workflows/campaign.ts';

historyLimits.events = 150;
