/** Every strategy under its name, in the order of docs and help. */
import type { SelectionConfig } from '../../config/campaign-config.ts';
import { consensus } from './consensus.ts';
import { outputConsensus } from './output-consensus.ts';
import { randomPassing } from './random-passing.ts';
import type { SelectionStrategy } from './selection-strategy.ts';

export type StrategyName = SelectionConfig['strategy'];

export const STRATEGIES = {
  consensus: consensus,
  'output-consensus': outputConsensus,
  'random-passing': randomPassing,
} as const satisfies Record<StrategyName, SelectionStrategy>;

export const STRATEGY_NAMES = Object.keys(STRATEGIES) as StrategyName[];
