/** What `start --dry-run` prints: the settings as they were resolved, and what the campaign costs at most. */
import {
  type CurriculumOutlook,
  curriculumOutlook,
  outlookSentences,
} from '../../core/campaign/curriculum-outlook.ts';
import { type Forecast, type ForecastAmounts, forecast, type Speeds } from '../../core/campaign/forecast.ts';
import type { CampaignConfig } from '../../core/config/campaign-config.ts';
import { parseTopics } from '../../core/problems/topics.ts';
import { table } from '../output.ts';
import type { CampaignFile } from './campaign-file.ts';
import { resolvedSettings } from './resolved-settings.ts';

export type DryRun = {
  json: { config: CampaignConfig; forecast: Forecast; curriculum?: CurriculumOutlook };
  text: string;
};

/** Needs no server and changes nothing. */
export const dryRun = ({ config, text, topics, prompts }: CampaignFile, speeds: Speeds): DryRun => {
  const expected = forecast(config, prompts, speeds);
  const curriculum = curriculumOutlook(config, prompts, parseTopics(topics, config.problems.topics).length);
  const settings = resolvedSettings(config, text).map(({ key, value, from }) => [
    key,
    JSON.stringify(value),
    from,
  ]);
  const parts = [
    `Campaign ${config.name} is not started: this is a dry run.\n`,
    table(['setting', 'value', 'from'], settings),
    ...(curriculum
      ? [
          outlookSentences(curriculum)
            .map((sentence) => `${sentence}\n`)
            .join(''),
        ]
      : []),
    'At most, by iteration (0 measures the base model):\n',
    amounts(expected),
    'At most, by stage, all iterations together:\n',
    stages(expected),
    ...limitLines(expected),
    expected.assumptions.map((sentence) => `- ${sentence}\n`).join(''),
  ];
  const json = { config, forecast: expected, ...(curriculum ? { curriculum } : {}) };
  return { json, text: parts.join('\n') };
};

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

const hours = (value: number | null): string => {
  if (value === null) return '-';
  return value >= 100 ? whole(value) : value.toFixed(value >= 10 ? 1 : 2);
};

const amounts = ({ iterations, total }: Forecast): string => {
  const row = (name: string, of: ForecastAmounts): string[] => [
    name,
    ...[of.proposals, of.problems, of.candidates, of.tokens, of.executions].map(whole),
    hours(of.hours.sampling),
    hours(of.hours.executing),
    hours(of.hours.total),
  ];
  return table(
    [
      'iteration',
      'proposals',
      'problems',
      'candidates',
      'tokens',
      'executions',
      'hours sampling',
      'hours executing',
      'hours',
    ],
    [...iterations.map((iteration) => row(String(iteration.n), iteration)), row('all', total)],
  );
};

const stages = ({ iterations }: Forecast): string => {
  const totals = new Map<string, { tokens: number; executions: number }>();
  const add = (stage: string, tokens: number, executions: number) => {
    const before = totals.get(stage) ?? { tokens: 0, executions: 0 };
    totals.set(stage, { tokens: before.tokens + tokens, executions: before.executions + executions });
  };
  for (const { tokensByStage, executionsByStage } of [...iterations].reverse()) {
    for (const [stage, tokens] of Object.entries(tokensByStage)) add(stage, tokens, 0);
    for (const [stage, executions] of Object.entries(executionsByStage)) add(stage, 0, executions);
  }
  return table(
    ['stage', 'tokens', 'executions'],
    [...totals].map(([stage, { tokens, executions }]) => [stage, whole(tokens), whole(executions)]),
  );
};

const limitLines = ({ limits }: Forecast): string[] => {
  const lines = limits.map(({ limit, value, atMost, mayPauseIn }) => {
    const name = `${limit} ${value.toLocaleString('en-US')}`;
    if (atMost === null) return `${name} cannot be compared: no speed is given.\n`;
    const bound = limit === 'budget.hours' ? hours(atMost) : whole(atMost);
    return mayPauseIn === null
      ? `${name} is not reached by the forecast of ${bound}.\n`
      : `${name} is reached by the forecast of ${bound}: the campaign may pause in iteration ${mayPauseIn}.\n`;
  });
  return lines.length === 0 ? [] : [lines.join('')];
};
