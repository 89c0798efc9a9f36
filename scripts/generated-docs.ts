/** Path and text of every page that is made from the code; a test compares them with what is committed. */
import { campaignJsonSchema, configReference } from '../core/config/reference.ts';
import { errorReference } from '../core/error-reference.ts';

export const generatedDocs = (): Record<string, string> => ({
  'docs/config.md': configReference(),
  'docs/campaign.schema.json': `${JSON.stringify(campaignJsonSchema(), null, 2)}\n`,
  'docs/errors.md': errorReference(),
});
