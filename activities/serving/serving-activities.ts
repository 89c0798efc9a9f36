/** Puts a checkpoint, or the base model, behind the model server, and measures how well it fits what it was taught. */
import { join } from 'node:path';
import type { ServingConfig } from '../../core/config/campaign-config.ts';
import { UcoderError } from '../../core/errors.ts';
import type { Place } from '../../core/layout.ts';
import { revised, revisionOf } from '../../core/revisions.ts';
import type { Paths } from '../../infra/paths.ts';
import { readServedModel, type ServedModel } from '../../infra/stack/served-model.ts';
import { cancellationSignal, whileHeartbeating } from '../context.ts';
import { type ModelStepContext, stopwatch } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { readManifest } from '../training/fetch-checkpoint.ts';
import type { CheckpointSource } from '../training/fine-tune-request.ts';
import type { TrainingRuntime } from '../training/training-runtime.ts';
import { awaitServed } from './await-served.ts';
import { localCopy } from './local-copies.ts';
import { type Fit, measureDatasetFit } from './measure-fit.ts';
import { connectModelServer, type ModelServerAddress } from './model-server.ts';
import {
  checkpointUri,
  type ServingTools,
  serveAdapter,
  serveByCommand,
  serveManaged,
} from './serving-modes.ts';

export type ServeCheckpointInput = Place & {
  from: CheckpointSource;
  baseModel: string;
  serving: ServingConfig;
  contextLength: number;
};

export type ServedCheckpoint = {
  /** The name to ask the server for. */
  servedModel: string;
  /** The manifest's hash; null where the server's own model is served, which we do not see. */
  weightsSha256: string | null;
  seconds: number;
};

export type ServingDependencies = {
  store: ObjectStore;
  /** `managed`: the server is ours to restart. */
  model: ModelServerAddress & { managed: boolean };
  paths: Pick<Paths, 'run' | 'logs' | 'served'>;
  runtime: Pick<TrainingRuntime, 'findBaseModel'>;
  /** Asks the supervisor to restart the model server. */
  restartModel: (signal: AbortSignal) => Promise<void>;
  /** Asks the supervisor to stop it, and to leave it so through restarts. */
  restModel: (why: string) => Promise<void>;
  modelRests: () => Promise<boolean>;
  /** Until a server must have loaded a model. */
  timeoutMs?: number;
};

const TIMEOUT_MS = 30 * 60 * 1000;

/** Another name for each checkpoint: a server must not answer with the one that was trained before a retry. */
export const servedNameOf = ({ campaignId, revisions }: Place, iteration: number): string =>
  revised(`${campaignId}-iteration-${iteration}`, revisionOf(revisions, iteration, 'training'));

export const createServingActivities = (dependencies: ServingDependencies) => {
  const { store, paths } = dependencies;
  const server = connectModelServer(dependencies.model);
  const tools = (): ServingTools => ({
    store,
    server,
    signal: cancellationSignal(),
    timeoutMs: dependencies.timeoutMs ?? TIMEOUT_MS,
    served: paths.served,
  });

  const servedFile = join(paths.run, 'served-model.json');

  const serveOurs = (model: ServedModel) => {
    const { restartModel: restart, modelRests: rests } = dependencies;
    return serveManaged(
      tools(),
      { file: servedFile, restart, rests, log: join(paths.logs, 'model.log') },
      model,
    );
  };

  const serveBase = async ({
    baseModel,
    serving,
    contextLength,
  }: ServeCheckpointInput): Promise<string | null> => {
    if (serving.mode === 'managed') {
      const { path, weightsSha256 } = await dependencies.runtime.findBaseModel(baseModel);
      await serveOurs({ name: baseModel, path, sha256: weightsSha256, contextLength });
      return weightsSha256;
    }
    if (serving.mode === 'command' && serving.command) {
      await serveByCommand(tools(), serving.command, baseModel, baseModel);
      return null;
    }
    await mustOffer(tools(), baseModel);
    return null;
  };

  const serveIteration = async (input: ServeCheckpointInput, iteration: number): Promise<string> => {
    const { campaignId, revisions, serving, contextLength } = input;
    const place = { campaignId, revisions, iteration };
    const name = servedNameOf(input, iteration);
    const manifest = await readManifest(store, place);
    const sha256 = manifest.weightsSha256;
    if (serving.mode === 'managed') {
      const path = await localCopy(store, place, manifest, paths.served);
      await serveOurs({ name, path, sha256, contextLength });
    } else if (serving.mode === 'adapter') {
      await serveAdapter(tools(), { place, manifest, name });
    } else {
      await serveByCommand(tools(), commandOf(serving), checkpointUri(store, place), name);
    }
    return sha256;
  };

  return {
    /** Resolves when the model answers. Safe to repeat: a server that serves it already is left alone. */
    async serveCheckpoint(input: ServeCheckpointInput): Promise<ServedCheckpoint> {
      const seconds = stopwatch();
      const { from, serving } = input;
      if (serving.mode === 'managed' && !dependencies.model.managed) {
        throw new UcoderError(
          'serving-unsupported',
          `serving.mode managed cannot restart the model server at ${server.address}, which is not ours (UCODER_MODEL_URL).`,
        );
      }
      const base = from === 'base';
      const weightsSha256 = base ? await serveBase(input) : await serveIteration(input, from.iteration);
      const servedModel = base ? input.baseModel : servedNameOf(input, from.iteration);
      return { servedModel, weightsSha256, seconds: seconds() };
    },

    /** Stops our own server, so that its memory is free. Safe to repeat: one that is stopped stays so. */
    async restModelServer({ campaignId }: { campaignId: string }): Promise<void> {
      await whileHeartbeating(
        dependencies.restModel(
          `stopped while campaign ${campaignId} is paused; npx ucoder resume ${campaignId}`,
        ),
      );
    },

    /** Resolves when our own server answers again, with what it served last. Safe to repeat: one that does so is left alone. */
    async wakeModelServer(): Promise<void> {
      const model = await readServedModel(servedFile);
      if (model) await serveOurs(model);
      else await whileHeartbeating(dependencies.restartModel(cancellationSignal()));
    },

    /**
     * The mean log-probability of the tokens of a dataset's answers under the served model: it must rise by
     * training on them. Safe to repeat: a measure that is stored is not taken again.
     */
    async measureFit(
      input: ModelStepContext & { datasetIteration: number },
    ): Promise<Fit & { seconds: number }> {
      const seconds = stopwatch();
      const fit = await measureDatasetFit(store, server, input, cancellationSignal());
      return { ...fit, seconds: seconds() };
    },
  };
};
export type ServingActivities = ReturnType<typeof createServingActivities>;

const commandOf = ({ command }: ServingConfig): string => {
  if (command === undefined)
    throw new UcoderError('serving-unsupported', 'serving.mode command needs serving.command.');
  return command;
};

/** A server that is not ours cannot be made to serve the base: it must do so already. */
const mustOffer = async ({ server, signal, timeoutMs }: ServingTools, name: string): Promise<void> => {
  const offered = await server.models(signal);
  if (!offered.some(({ id }) => id === name)) {
    throw new UcoderError(
      'model-missing',
      `The model server at ${server.address} does not offer ${name}; it offers ${offered.map(({ id }) => id).join(', ') || 'nothing'}.`,
    );
  }
  await awaitServed(server, { name }, { signal, timeoutMs, hint: '' });
};
