/** A campaign file with everything it names: read, checked, and ready to be stored or started. */
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { CampaignConfig } from '../../core/config/campaign-config.ts';
import { parseCampaign } from '../../core/config/parse-campaign.ts';
import { servingProblems } from '../../core/config/serving-rules.ts';
import { UcoderError } from '../../core/errors.ts';
import { parseTopics } from '../../core/problems/topics.ts';
import type { PromptSet } from '../../core/prompts/prompt-set.ts';
import type { Environment } from '../../infra/environment.ts';
import { projectRoot } from '../../infra/paths.ts';
import { loadPromptSet } from '../../infra/prompts/load-prompt-set.ts';
import { readNamedFile } from '../read-named-file.ts';

export type CampaignFile = {
  /** As it was written. */
  text: string;
  config: CampaignConfig;
  topics: string;
  prompts: PromptSet;
};

/** Thrown: file-missing, invalid-config, prompt-set-invalid, serving-unsupported; nothing is started or stored. */
export const readCampaignFile = async (
  path: string,
  environment: Environment,
  name?: string,
): Promise<CampaignFile> => {
  const text = await readNamedFile(path);
  const parsed = parseCampaign(text, path);
  const config: CampaignConfig = name === undefined ? parsed : { ...parsed, name };
  const unsupported = servingProblems(config, { externalModel: environment.modelUrl !== undefined });
  if (unsupported.length > 0)
    throw new UcoderError('serving-unsupported', `${path}: ${unsupported.join('\n')}`);
  const topics = await readTopics(config.problems.topics, path);
  return { text, config, topics, prompts: await loadPromptSet(config.model.prompts) };
};

/** A relative path is looked for beside the campaign file first, then in the project. */
const readTopics = async (topics: string, campaignPath: string): Promise<string> => {
  const places = isAbsolute(topics)
    ? [topics]
    : [resolve(dirname(campaignPath), topics), resolve(topics), resolve(projectRoot, topics)];
  for (const place of places) {
    const text = await readFile(place, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    parseTopics(text, place);
    return text;
  }
  throw new UcoderError(
    'file-missing',
    `${campaignPath}: problems.topics: there is no file ${topics}. Looked for: ${places.join(', ')}.`,
  );
};
