/** Every setting of a campaign with its value, and whether the file gives it or the default holds. */
import { parse } from 'yaml';
import type { CampaignConfig } from '../../core/config/campaign-config.ts';

export type ResolvedSetting = { key: string; value: unknown; from: 'file' | 'default' };

/** `text` is the file as it was written; it must be one that gives `config`. */
export const resolvedSettings = (config: CampaignConfig, text: string): ResolvedSetting[] =>
  leaves(config, '', parse(text));

const leaves = (value: unknown, key: string, given: unknown): ResolvedSetting[] => {
  if (!isRecord(value)) return [{ key, value, from: given === undefined ? 'default' : 'file' }];
  return Object.entries(value).flatMap(([name, inner]) =>
    leaves(
      inner,
      key === '' ? name : `${key}.${name}`,
      isRecord(given) && Object.hasOwn(given, name) ? given[name] : undefined,
    ),
  );
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
