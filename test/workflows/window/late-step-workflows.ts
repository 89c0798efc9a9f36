/** The real iteration whose steps come late: it hears that a problem has started only once that has ended as well. */
import {
  getExternalWorkflowHandle,
  type WorkflowInterceptorsFactory,
  workflowInfo,
} from '@temporalio/workflow';
import { problemFinished } from '../../../workflows/messages.ts';
import type { ProblemInput } from '../../../workflows/problem.ts';
import { endedProblem } from './ended-problem.ts';

export { iteration } from '../../../workflows/iteration.ts';

export async function problem({ problemId, reportTo }: ProblemInput): Promise<void> {
  await getExternalWorkflowHandle(reportTo).signal(problemFinished, endedProblem(problemId, 'consensus'));
}

/** A task that fails is tried again with what has come since. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  internals: [
    {
      activate: (input, next) => {
        const jobs = input.activation.jobs ?? [];
        const isEarly =
          jobs.some((job) => job.resolveChildWorkflowExecutionStart) &&
          !jobs.some((job) => job.signalWorkflow);
        if (isEarly && workflowInfo().workflowType === 'iteration') throw new Error('This step comes late.');
        return next(input);
      },
    },
  ],
});
