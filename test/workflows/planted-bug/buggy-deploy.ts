/** A deploy with a bug: where candidates of one campaign are to be executed, the code of its workflow throws. */
import { type WorkflowInterceptorsFactory, workflowInfo } from '@temporalio/workflow';

export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity: (input, next) => {
        const { workflowId } = workflowInfo();
        if (input.activityType === 'executeCandidates' && workflowId.startsWith('campaign/unlucky/'))
          throw new TypeError('a planted bug');
        return next(input);
      },
    },
  ],
});
