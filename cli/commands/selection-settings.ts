/** Settings of `selection` that `select` and `ablate` are given on the command line, as flags or with --set. */
import { InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { explainIssues, nearestKey } from '../../core/config/explain-issues.ts';
import { SelectionConfig, STRATEGY_NAMES } from '../../core/config/selection-config.ts';
import { UcoderError } from '../../core/errors.ts';
import type { SelectionPolicy } from '../../core/selection/selection-policy.ts';
import { readYamlValue } from '../yaml-value.ts';

export type Settings = Readonly<Record<string, unknown>>;

/** `minShare=0.1`, added to what was given before. */
export const addSelectionSetting = (text: string, before: Settings = {}): Settings => {
  const [, key, value] = /^(\w+)=(.+)$/.exec(text) ?? [];
  if (!key || value === undefined)
    throw new InvalidArgumentError('Write key=value, for example nonTrivial=[constant-output,empty-body].');
  return { ...before, [key]: readYamlValue(value) };
};

const Policy = SelectionConfig.extend({ seed: z.int().default(0) });

/** Thrown: usage, naming each flag or setting that cannot be meant. */
export const policyOf = (flags: Settings, set: Settings = {}): SelectionPolicy => {
  const strategy = set.strategy ?? flags.strategy;
  if (typeof strategy === 'string' && !STRATEGY_NAMES.some((name) => name === strategy)) {
    const meant = nearestKey(strategy, STRATEGY_NAMES);
    const advice = meant ? `Did you mean ${meant}?` : `Strategies: ${STRATEGY_NAMES.join(', ')}.`;
    throw new UcoderError('usage', `There is no strategy "${strategy}". ${advice}`);
  }
  const twice = Object.keys(set).find((key) => Object.hasOwn(flags, key));
  if (twice !== undefined)
    throw new UcoderError('usage', `--set ${twice}: has a flag of its own, ${flagOf(twice)}.`);
  const parsed = Policy.safeParse({ ...flags, ...set });
  if (parsed.success) return parsed.data;
  const lines = explainIssues(parsed.error, Policy).map(({ path, message }) => {
    const key = String(path[0] ?? '');
    return `${Object.hasOwn(set, key) ? `--set ${key}` : flagOf(key)}: ${message}`;
  });
  throw new UcoderError('usage', lines.join('\n'));
};

const flagOf = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
