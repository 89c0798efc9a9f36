/** Every strategy under its name. */
import type { SelectionConfig } from '../../config/selection-config.ts';
import { codet } from './codet.ts';
import { consensus } from './consensus.ts';
import { dualOutput } from './dual-output.ts';
import { lowestPerplexity } from './lowest-perplexity.ts';
import { majorityWeighted } from './majority-weighted.ts';
import { outputConsensus } from './output-consensus.ts';
import { outputHash } from './output-hash.ts';
import { randomPassing } from './random-passing.ts';
import type { SelectionStrategy } from './selection-strategy.ts';
import { successThreshold } from './success-threshold.ts';

export const STRATEGIES: Readonly<Record<SelectionConfig['strategy'], SelectionStrategy>> = {
  consensus: consensus,
  'output-consensus': outputConsensus,
  'random-passing': randomPassing,
  'output-hash': outputHash,
  'lowest-perplexity': lowestPerplexity,
  'success-threshold': successThreshold,
  codet: codet,
  'majority-weighted': majorityWeighted,
  'dual-output': dualOutput,
};
