/** Which activities a queue offers, and what they stand on. Only the queue’s own resource is opened. */

import { Client, Connection } from '@temporalio/client';
import Dockerode from 'dockerode';
import { createCampaignActivities } from '../activities/campaign/campaign-activities.ts';
import { createCurriculumActivities } from '../activities/campaign/curriculum-activities.ts';
import { createLeaseActivities } from '../activities/campaign/lease-activities.ts';
import { createQuietActivities } from '../activities/campaign/quiet-activities.ts';
import { createReportActivities } from '../activities/campaign/report-activities.ts';
import { createEvaluationActivities } from '../activities/evaluation/evaluation-activities.ts';
import { createModelActivities } from '../activities/model/model-activities.ts';
import { createModelClient, DEFAULT_DEADLINES } from '../activities/model/model-client.ts';
import { createExecutor } from '../activities/sandbox/executor.ts';
import { createSandboxActivities } from '../activities/sandbox/sandbox-activities.ts';
import { createDiversityActivities } from '../activities/selection/diversity-activities.ts';
import { createLintActivities } from '../activities/selection/lint-activities.ts';
import { createReviewActivities } from '../activities/selection/review-activities.ts';
import { createRoundActivities } from '../activities/selection/round-activities.ts';
import { createSelectionActivities } from '../activities/selection/selection-activities.ts';
import { createServingActivities } from '../activities/serving/serving-activities.ts';
import { createStore } from '../activities/store/create-store.ts';
import type { ObjectStore } from '../activities/store/object-store.ts';
import { createDatasetActivities } from '../activities/training/dataset-activities.ts';
import { createTrainingActivities } from '../activities/training/training-activities.ts';
import { installedPython, localTrainingRuntime } from '../activities/training/training-runtime.ts';
import { createTreeActivities } from '../activities/training/tree-activities.ts';
import { readEnvironment } from '../infra/environment.ts';
import { humanEvalFile } from '../infra/install/human-eval.ts';
import { installContext } from '../infra/install/install-context.ts';
import { pathsFor } from '../infra/paths.ts';
import type { Connections } from '../infra/stack/connections.ts';
import { modelRests, restartModel, restModel } from '../infra/stack/model-rest.ts';
import { type QueueName, TASK_QUEUES } from '../workflows/task-queues.ts';

export type WorkerActivities = { activities: object; store: ObjectStore; close: () => Promise<void> };

const nothingToClose = async () => undefined;

export const activitiesFor = async (
  queue: QueueName,
  connections: Connections,
): Promise<WorkerActivities> => {
  const environment = readEnvironment();
  const paths = pathsFor(environment);
  const store = createStore(connections.s3, environment.bucket);
  await store.ensureBucket();
  const runtime = localTrainingRuntime(installContext(), connections.docker);

  switch (queue) {
    case 'control': {
      const connection = await Connection.connect(connections.temporal.connectionOptions);
      const client = new Client({ connection, namespace: connections.temporal.namespace });
      return {
        store,
        activities: {
          ...createCampaignActivities({ store }),
          ...createCurriculumActivities({ store }),
          ...createReportActivities({ store }),
          ...createSelectionActivities({ store }),
          ...createReviewActivities({ store }),
          ...createRoundActivities({ store }),
          ...createEvaluationActivities({ store, benchmarks: { humaneval: humanEvalFile(paths) } }),
          ...createDatasetActivities({ store }),
          ...createLeaseActivities({ client, taskQueue: TASK_QUEUES.control }),
          ...createQuietActivities({ client, modelQueue: TASK_QUEUES.model }),
        },
        close: () => connection.close(),
      };
    }
    case 'model': {
      const { firstTokenSeconds, idleSeconds } = environment;
      const model = createModelClient(connections.model, {
        firstTokenMs: firstTokenSeconds ? firstTokenSeconds * 1000 : DEFAULT_DEADLINES.firstTokenMs,
        idleMs: idleSeconds ? idleSeconds * 1000 : DEFAULT_DEADLINES.idleMs,
      });
      return {
        store,
        activities: {
          ...createModelActivities({ store, model }),
          ...createServingActivities({
            store,
            paths,
            model: connections.model,
            runtime,
            restartModel: (signal) => restartModel(paths, { signal }),
            restModel: (why) => restModel(paths, why),
            modelRests: () => modelRests(paths),
          }),
        },
        close: nothingToClose,
      };
    }
    case 'sandbox': {
      const executor = await createExecutor({
        docker: new Dockerode(connections.docker),
        runtime: environment.sandboxRuntime,
      });
      return {
        store,
        activities: createSandboxActivities({ store, executor }),
        close: () => executor.close(),
      };
    }
    case 'training': {
      const python = () => installedPython(installContext());
      return {
        store,
        activities: {
          ...createTrainingActivities({ store, paths, runtime }),
          ...createLintActivities({ store, python }),
          ...createDiversityActivities({ store, python }),
          ...createTreeActivities({ store, python }),
        },
        close: nothingToClose,
      };
    }
  }
};
