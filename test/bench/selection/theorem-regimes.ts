/** Where the largest cluster is right and where it is not: measured shares over generated populations. */
import { SelectionConfig } from '../../../core/config/selection-config.ts';
import { select } from '../../../core/selection/select.ts';
import { type TheoremPopulation, theoremProblem } from './theorem-population.ts';

export type Curve = { name: string; signature: 'outcome' | 'output'; population: Partial<TheoremPopulation> };

const BASE: TheoremPopulation = {
  candidates: 64,
  right: 8,
  tests: 40,
  agreement: 0.3,
  easy: 0.6,
  misunderstood: 0,
};

/** Four situations; what is not named is as above. */
export const CURVES: readonly Curve[] = [
  { name: 'outputs, wrong programs independent', signature: 'output', population: {} },
  { name: 'pass bits, the same programs', signature: 'outcome', population: {} },
  {
    name: 'outputs, 30 % of the wrong ones share a misunderstanding',
    signature: 'output',
    population: { misunderstood: 0.3 },
  },
  { name: 'pass bits, the same', signature: 'outcome', population: { misunderstood: 0.3 } },
];

/** Right programs among 64. */
export const RIGHT_COUNTS = [2, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40] as const;

export const shareRight = (
  changes: Partial<TheoremPopulation>,
  signature: 'outcome' | 'output',
  populations: number,
): number => {
  const policy = { ...SelectionConfig.parse({ signature }), seed: 0 };
  let right = 0;
  for (let seed = 0; seed < populations; seed += 1) {
    const problem = theoremProblem({ ...BASE, ...changes }, seed);
    const { selected } = select(problem.matrix, policy);
    if (selected !== null && problem.right.has(selected)) right += 1;
  }
  return right / populations;
};
