/** The real iteration with one problem that never ends by itself, and looks so often that a test need not wait. */
import { condition, getExternalWorkflowHandle } from '@temporalio/workflow';
import { historyLimits } from '../../../workflows/history-limits.ts';
import { lookAfter } from '../../../workflows/lost-problems.ts';
import { problemFinished } from '../../../workflows/messages.ts';
import type { ProblemInput } from '../../../workflows/problem.ts';
import { endedProblem } from './ended-problem.ts';

export { iteration } from '../../../workflows/iteration.ts';

historyLimits.events = 200;
lookAfter.everyMs = 500;

export async function problem({ problemId, problemIndex, reportTo }: ProblemInput): Promise<void> {
  if (problemIndex === 0) await condition(() => false);
  await getExternalWorkflowHandle(reportTo).signal(problemFinished, endedProblem(problemId, 'consensus'));
}
