/** Fine-tuning as a job: started once, awaited by whichever worker is there, published as a whole. */
import { layout } from '../../core/layout.ts';
import type { Paths } from '../../infra/paths.ts';
import { cancellationSignal } from '../context.ts';
import { type StepContext, stopwatch } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { readManifest } from './fetch-checkpoint.ts';
import { FineTuneRequest, jobIdOf, requestKey } from './fine-tune-request.ts';
import { forgetStop, jobFolder } from './job-folder.ts';
import { prepareJob } from './job-preparation.ts';
import { uploadCheckpoint } from './publish-checkpoint.ts';
import { awaitOutcome, discardWeights, ensureRunning, stopJob } from './running-job.ts';
import type { TrainingRuntime } from './training-runtime.ts';

export type TrainingDependencies = {
  store: ObjectStore;
  paths: Pick<Paths, 'jobs'>;
  runtime: TrainingRuntime;
};

export type FineTuneMeasures = {
  loss: number | null;
  steps: number;
  examples: number;
  skipped: number;
  seconds: number;
};
export type PublishedCheckpoint = { uri: string; weightsSha256: string; files: number; seconds: number };

export const createTrainingActivities = ({ store, paths, runtime }: TrainingDependencies) => {
  /**
   * Any worker can take a job up: what it needs to know lies in the bucket. Temporal begins an attempt only where
   * somebody waits for the job: one that was stopped before is wanted again.
   */
  const openJob = async (jobId: string) => {
    const request = await store.readJson(requestKey(jobId), FineTuneRequest);
    const plan = await prepareJob(store, runtime, jobFolder(paths.jobs, jobId), request);
    await forgetStop(plan.folder);
    return { request, plan, backend: await runtime.backend(request.training.backend) };
  };

  const complete = async (jobId: string) => {
    const job = await openJob(jobId);
    return { ...job, outcome: await awaitOutcome(job.backend, job.plan, cancellationSignal()) };
  };

  return {
    /** Starts the job. Safe to repeat: equal inputs have the same id, and a job that runs or has ended is left alone. */
    async startFineTune(
      input: StepContext & Pick<FineTuneRequest, 'training' | 'from' | 'baseModel'>,
    ): Promise<{ jobId: string }> {
      const { campaignId, iteration, seed, training, from, baseModel, revisions } = input;
      const request = {
        ...{ campaignId, iteration, seed, training, from, baseModel },
        ...(revisions ? { revisions } : {}),
      };
      const dataset = await store.find(layout.dataset(input, iteration, 'data/train.jsonl'));
      const { weightsSha256 } =
        from === 'base'
          ? await runtime.findBaseModel(baseModel)
          : await readManifest(store, { campaignId, revisions, iteration: from.iteration });
      const jobId = jobIdOf(request, { datasetSha256: dataset?.sha256 ?? '', weightsSha256 });
      await store.once(requestKey(jobId), FineTuneRequest, async () => request);
      const { plan, backend } = await openJob(jobId);
      await ensureRunning(backend, plan);
      return { jobId };
    },

    /** Waits until the job has an outcome, restarting it where it died. Safe to repeat: it attaches to what runs. */
    async awaitFineTune({ jobId }: { jobId: string }): Promise<FineTuneMeasures> {
      const { loss, steps, examples, skipped, seconds } = (await complete(jobId)).outcome;
      return { loss, steps, examples, skipped, seconds };
    },

    /** Ends the job if it runs, behind a checkpoint. Safe to repeat: one that has ended is left alone. */
    async stopFineTune({ jobId }: { jobId: string }): Promise<void> {
      const { training } = await store.readJson(requestKey(jobId), FineTuneRequest);
      await stopJob(await runtime.backend(training.backend), jobFolder(paths.jobs, jobId));
    },

    /** Puts the checkpoint into the bucket. Safe to repeat: once its manifest is stored, that is the answer. */
    async publishCheckpoint(place: StepContext & { jobId: string }): Promise<PublishedCheckpoint> {
      const seconds = stopwatch();
      const { iteration, jobId } = place;
      const manifestKey = layout.checkpoint(place, iteration, 'manifest.json');
      if (!(await store.find(manifestKey))) {
        const { plan, request } = await complete(jobId);
        await uploadCheckpoint(store, place, plan.folder, request.training.method);
      }
      const { weightsSha256, files } = await readManifest(store, place);
      await discardWeights(jobFolder(paths.jobs, jobId));
      return {
        uri: store.uri(layout.checkpoint(place, iteration, '')),
        weightsSha256,
        files: files.length,
        seconds: seconds(),
      };
    },
  };
};
export type TrainingActivities = ReturnType<typeof createTrainingActivities>;
