/**
 * Worker versioning. With UCODER_BUILD_ID a worker belongs to a version of the deployment `ucoder`; what it runs
 * moves to the current version by itself (a pinned run never does, not even at continue-as-new), so a change to
 * a workflow needs a patch. docs/reliability.md has the steps of a deploy.
 */
import type { WorkerOptions } from '@temporalio/worker';

export const DEPLOYMENT = 'ucoder';

/** Without a build id there is one version, as on a laptop. */
export const deploymentOptions = (
  buildId: string | undefined,
): Pick<WorkerOptions, 'workerDeploymentOptions'> =>
  buildId === undefined
    ? {}
    : {
        workerDeploymentOptions: {
          useWorkerVersioning: true,
          version: { deploymentName: DEPLOYMENT, buildId },
          defaultVersioningBehavior: 'AUTO_UPGRADE',
        },
      };
