/** Workers of the chaos suite notice the dead sooner, so that a campaign of seconds does not wait half a minute. */
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';

export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity: (input, next) => {
        const { retry } = input.options;
        return next({
          ...input,
          options: {
            ...input.options,
            heartbeatTimeout: '6 seconds',
            ...(retry ? { retry: { ...retry, maximumInterval: '2 seconds' } } : {}),
          },
        });
      },
    },
  ],
});
