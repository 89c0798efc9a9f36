/** The settings with which a problem is solved: those of its first start, in every later attempt at it as well. */
import { z } from 'zod';
import { CandidatesConfig, LimitsConfig, TestsConfig } from '../config/campaign-config.ts';
import { SelectionConfig } from '../config/selection-config.ts';

export const ProblemPolicy = z.object({
  tests: TestsConfig,
  candidates: CandidatesConfig,
  limits: LimitsConfig,
  selection: SelectionConfig,
});
export type ProblemPolicy = z.infer<typeof ProblemPolicy>;
