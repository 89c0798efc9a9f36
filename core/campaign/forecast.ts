/** What a campaign costs at most, before it is started: counts always, hours where the speeds are known. */
import type { CampaignConfig } from '../config/campaign-config.ts';
import type { PromptSet } from '../prompts/prompt-set.ts';
import { boundOfBase, boundOfIteration, type IterationBound } from './forecast-iteration.ts';

/** As measured by whoever asks: all requests, and all containers, together. */
export type Speeds = { tokensPerSecond?: number | undefined; pairsPerSecond?: number | undefined };

export type ForecastHours = {
  /** Of the model server; null where its speed is not known. */
  sampling: number | null;
  executing: number | null;
  /** One after the other; null where one of both is not known. */
  total: number | null;
};

export type ForecastAmounts = Pick<IterationBound, 'proposals' | 'problems' | 'candidates'> & {
  tokens: number;
  executions: number;
  hours: ForecastHours;
};

export type IterationForecast = IterationBound & ForecastAmounts;

export type ForecastLimit = {
  limit: 'budget.tokens' | 'budget.hours';
  value: number;
  /** The bound that it is compared with; null where nothing is known. */
  atMost: number | null;
  /** The first iteration by whose end the bound reaches it; null where it stays below. */
  mayPauseIn: number | null;
};

export type Forecast = {
  iterations: IterationForecast[];
  total: ForecastAmounts;
  speeds: { tokensPerSecond: number | null; pairsPerSecond: number | null };
  limits: ForecastLimit[];
  /** What the numbers assume and leave out, a sentence each. */
  assumptions: string[];
};

export const forecast = (config: CampaignConfig, prompts: PromptSet, speeds: Speeds = {}): Forecast => {
  const bounds = [
    boundOfBase(config),
    ...Array.from({ length: config.iterations.max }, (_, index) =>
      boundOfIteration(config, prompts, index + 1),
    ),
  ];
  const iterations = bounds.map((bound) => withAmounts(bound, speeds));
  return {
    iterations,
    total: totalOf(iterations, speeds),
    speeds: {
      tokensPerSecond: speeds.tokensPerSecond ?? null,
      pairsPerSecond: speeds.pairsPerSecond ?? null,
    },
    limits: limitsOf(config, iterations),
    assumptions: assumptionsOf(config, speeds),
  };
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const withAmounts = (bound: IterationBound, speeds: Speeds): IterationForecast => {
  const tokens = sum(Object.values(bound.tokensByStage));
  const executions = sum(Object.values(bound.executionsByStage));
  return { ...bound, tokens, executions, hours: hoursOf(tokens, executions, speeds) };
};

const totalOf = (iterations: readonly IterationForecast[], speeds: Speeds): ForecastAmounts => {
  const all = (key: 'proposals' | 'problems' | 'candidates' | 'tokens' | 'executions') =>
    sum(iterations.map((iteration) => iteration[key]));
  const [tokens, executions] = [all('tokens'), all('executions')];
  return {
    proposals: all('proposals'),
    problems: all('problems'),
    candidates: all('candidates'),
    tokens,
    executions,
    hours: hoursOf(tokens, executions, speeds),
  };
};

const hoursOf = (
  tokens: number,
  executions: number,
  { tokensPerSecond, pairsPerSecond }: Speeds,
): ForecastHours => {
  const sampling = tokensPerSecond === undefined ? null : tokens / tokensPerSecond / 3600;
  const executing = pairsPerSecond === undefined ? null : executions / pairsPerSecond / 3600;
  return {
    sampling,
    executing,
    total: sampling === null || executing === null ? null : sampling + executing,
  };
};

/** Hours of the part that is known. */
const knownHours = ({ sampling, executing }: ForecastHours): number | null =>
  sampling === null && executing === null ? null : (sampling ?? 0) + (executing ?? 0);

const limitsOf = ({ budget }: CampaignConfig, iterations: readonly IterationForecast[]): ForecastLimit[] => {
  const compare = (
    limit: ForecastLimit['limit'],
    value: number | undefined,
    usedIn: (iteration: IterationForecast) => number | null,
  ): ForecastLimit[] => {
    if (value === undefined) return [];
    let used: number | null = null;
    let mayPauseIn: number | null = null;
    for (const iteration of iterations) {
      const more = usedIn(iteration);
      if (more === null) continue;
      used = (used ?? 0) + more;
      // A budget that is reached is spent.
      if (used >= value) mayPauseIn ??= iteration.n;
    }
    return [{ limit, value, atMost: used, mayPauseIn }];
  };
  return [
    ...compare('budget.tokens', budget.tokens, ({ tokens }) => tokens),
    ...compare('budget.hours', budget.hours, ({ hours }) => knownHours(hours)),
  ];
};

const assumptionsOf = (config: CampaignConfig, speeds: Speeds): string[] => {
  const { problems, candidates, limits, validation } = config;
  const { tokensPerSecond, pairsPerSecond } = speeds;
  const hasSpeed = tokensPerSecond !== undefined || pairsPerSecond !== undefined;
  return [
    'These are upper bounds: all iterations run, all proposals are made, as many problems as wanted are accepted, and every answer is as long as its limit.',
    ...(problems.refine ? ['Every proposal is rewritten once and judged a second time.'] : []),
    ...(candidates.adaptive ? ['No problem stops sampling early.'] : []),
    'Tokens are completion tokens, as in the report and the budget; prompts and repeated requests are not among them.',
    `Executions are candidate × test pairs, with the checks of tests and the answers to questions; no two programs are equal.${limits.repeat > 1 ? ' Each is run twice (limits.repeat).' : ''}`,
    ...(validation.source === 'heldout'
      ? ['The base model is measured on held-out problems once there are some; that stands in iteration 0.']
      : []),
    ...(tokensPerSecond === undefined ? ['Hours of sampling need a speed: --tokens-per-second.'] : []),
    ...(pairsPerSecond === undefined ? ['Hours of executing need a speed: --pairs-per-second.'] : []),
    ...(hasSpeed
      ? [
          'Hours are at the speed given, sampling and executing one after the other; training and starting model servers are not in them.',
        ]
      : []),
  ];
};
