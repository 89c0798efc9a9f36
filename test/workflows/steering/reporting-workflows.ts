/** The real campaign with problems that only report a consensus, so that hundreds take seconds. */
import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { problemFinished } from '../../../workflows/messages.ts';
import type { ProblemInput } from '../../../workflows/problem.ts';
import type { ProblemOutcome } from '../../../workflows/problem-outcome.ts';

export { campaign } from '../../../workflows/campaign.ts';
export { evaluation } from '../../../workflows/evaluation.ts';
export { fineTune } from '../../../workflows/fine-tune.ts';
export { iteration } from '../../../workflows/iteration.ts';

export async function problem({ problemId, reportTo }: ProblemInput): Promise<void> {
  const outcome: ProblemOutcome = {
    ...{ problemId, state: 'consensus', selected: 'c0001', share: 0.5 },
    tests: { written: 5, usable: 4, dropped: { 'cannot run': 1 } },
    candidates: { sampled: 8, discarded: {}, identicalTexts: 0, spared: 0 },
    ...{ verdicts: { pass: 4 }, executed: 8, stages: { solve: { tokens: 10, seconds: 0 } } },
  };
  await getExternalWorkflowHandle(reportTo).signal(problemFinished, outcome);
}
