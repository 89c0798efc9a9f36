/** The settings that may change while a campaign runs: the campaign’s own schema, without its defaults. */
import { z } from 'zod';
import {
  BudgetConfig,
  CampaignConfig,
  CandidatesConfig,
  ConcurrencyConfig,
  IterationsConfig,
  LimitsConfig,
  ProblemsConfig,
  TestsConfig,
  TrainingConfig,
} from '../config/campaign-config.ts';
import { explainIssues, keysAt, type Path, pathText } from '../config/explain-issues.ts';
import { ReviewConfig } from '../config/review-config.ts';
import { SelectionConfig } from '../config/selection-config.ts';
import { settingProblems } from '../config/setting-rules.ts';
import { UcoderError } from '../errors.ts';

/** A default must not overwrite what a campaign was started with. */
const withoutDefault = (schema: z.core.$ZodType): z.core.$ZodType =>
  schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? schema.unwrap() : schema;

const changesOf = (section: z.ZodObject) =>
  z
    .strictObject(
      Object.fromEntries(
        Object.entries(section.shape).map(([key, schema]) => [key, z.optional(withoutDefault(schema))]),
      ),
    )
    .optional();

export const CampaignChanges = z
  .strictObject({
    problems: changesOf(ProblemsConfig.pick({ curriculum: true })),
    tests: changesOf(TestsConfig),
    candidates: changesOf(CandidatesConfig),
    limits: changesOf(LimitsConfig),
    selection: changesOf(SelectionConfig),
    training: changesOf(TrainingConfig),
    iterations: changesOf(IterationsConfig),
    concurrency: changesOf(ConcurrencyConfig),
    budget: changesOf(BudgetConfig),
    review: changesOf(ReviewConfig),
  })
  .refine((changes) => Object.values(changes).some((section) => Object.keys(section ?? {}).length > 0), {
    message: 'names no setting to change',
    when: ({ issues }) => issues.length === 0,
  });
export type CampaignChanges = z.infer<typeof CampaignChanges>;

/** The settings among those named on which everything rests that is stored: sections, or keys of a section. */
const fixedAmong = (settings: unknown, path: Path = []): Path[] => {
  if (typeof settings !== 'object' || settings === null || path.length > 1) return [];
  const [known, changeable] = [keysAt(CampaignConfig, path), keysAt(CampaignChanges, path)];
  return Object.entries(settings).flatMap(([key, value]) => {
    if (changeable.includes(key)) return fixedAmong(value, [...path, key]);
    return known.includes(key) ? [[...path, key]] : [];
  });
};

/** As a person sends them: a setting that may not change is refused as such. */
export const RequestedChanges = z
  .unknown()
  .superRefine((settings, context) => {
    const message =
      'may not change while a campaign runs: what is stored rests on it; start another campaign';
    for (const path of fixedAmong(settings)) context.addIssue({ code: 'custom', path: [...path], message });
  })
  .pipe(CampaignChanges);

/** The campaign’s settings with the changes. Thrown: invalid-config, where they do not fit together. */
export const changedConfig = (config: CampaignConfig, changes: CampaignChanges): CampaignConfig => {
  const merged: Record<string, unknown> = { ...config };
  for (const [section, values] of Object.entries(changes)) {
    merged[section] = { ...config[section as keyof typeof changes], ...values };
  }
  const parsed = CampaignConfig.safeParse(merged);
  const problems = parsed.success
    ? settingProblems(parsed.data)
    : explainIssues(parsed.error, CampaignConfig);
  if (!parsed.success || problems.length > 0) {
    const lines = problems.map(({ path, message }) => `${pathText(path)}: ${message}`);
    throw new UcoderError('invalid-config', lines.join('\n'));
  }
  return parsed.data;
};

/** What differs between two campaigns: the settings of `after` that may change, and the names of those that may not. */
export const differences = (
  before: CampaignConfig,
  after: CampaignConfig,
): { changes: Record<string, Record<string, unknown>>; fixed: string[] } => {
  const changes: Record<string, Record<string, unknown>> = {};
  const fixed: string[] = [];
  for (const section of Object.keys(CampaignConfig.shape) as (keyof CampaignConfig)[]) {
    const [old, now] = [before[section], after[section]];
    if (isSame(old, now)) continue;
    const changeable = keysAt(CampaignChanges, [section]);
    if (changeable.length === 0) {
      fixed.push(section);
      continue;
    }
    const [was, is] = [new Map(Object.entries(old ?? {})), new Map(Object.entries(now ?? {}))];
    for (const key of new Set([...was.keys(), ...is.keys()])) {
      if (isSame(was.get(key), is.get(key))) continue;
      if (changeable.includes(key)) changes[section] = { ...changes[section], [key]: is.get(key) };
      else fixed.push(`${section}.${key}`);
    }
  }
  return { changes, fixed };
};

const isSame = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);

/** `candidates.count 8 → 16`, in the order of the schema; empty where nothing differs. */
export const describeChanges = (before: CampaignConfig, after: CampaignConfig): string[] =>
  (Object.keys(CampaignChanges.shape) as (keyof CampaignChanges)[]).flatMap((section) => {
    const [old, now] = [Object.entries(before[section] ?? {}), Object.entries(after[section] ?? {})];
    const was = new Map<string, unknown>(old);
    return now
      .filter(([key, value]) => !isSame(value, was.get(key)))
      .map(
        ([key, value]) =>
          `${section}.${key} ${JSON.stringify(was.get(key)) ?? 'none'} → ${JSON.stringify(value) ?? 'none'}`,
      );
  });
