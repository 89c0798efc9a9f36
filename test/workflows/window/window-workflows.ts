/** The real iteration with problems that only report, twice and late, so that a window of hundreds takes seconds. */
import { getExternalWorkflowHandle, sleep } from '@temporalio/workflow';
import { historyLimits } from '../../../workflows/history-limits.ts';
import { problemFinished } from '../../../workflows/messages.ts';
import type { ProblemInput } from '../../../workflows/problem.ts';
import { endedProblem } from './ended-problem.ts';

export { iteration } from '../../../workflows/iteration.ts';

/** Many runs instead of one in thousands of events. */
historyLimits.events = 200;

export async function problem({ problemId, problemIndex, reportTo }: ProblemInput): Promise<void> {
  // Not all at once: some end in the run that started them, some in a later one.
  await sleep((problemIndex % 7) * 20);
  const outcome = endedProblem(problemId, problemIndex % 3 === 0 ? 'no-consensus' : 'consensus');
  const window = getExternalWorkflowHandle(reportTo);
  await window.signal(problemFinished, outcome);
  // Of the last problems the second message may find nobody: that is no failure of theirs.
  await window.signal(problemFinished, outcome).catch(() => undefined);
}
