/** Every signal under its name: the list is open, a new one is a file here and a name in the schema. */
import type { SelectionConfig } from '../../config/selection-config.ts';
import type { CandidateSignal } from './candidate-signal.ts';
import { consensusSignal } from './consensus-signal.ts';
import { lintSignal } from './lint-signal.ts';
import { passRateSignal } from './pass-rate-signal.ts';
import { perplexitySignal } from './perplexity-signal.ts';
import { reliabilitySignal } from './reliability-signal.ts';

export const SIGNALS: Readonly<Record<SelectionConfig['tieBreakers'][number], CandidateSignal>> = {
  reliability: reliabilitySignal,
  'pass-rate': passRateSignal,
  consensus: consensusSignal,
  perplexity: perplexitySignal,
  lint: lintSignal,
};
