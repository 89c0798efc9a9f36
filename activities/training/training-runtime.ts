/** What this machine offers for training: interpreter, trainer, base models, Docker engine. */
import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import Dockerode from 'dockerode';
import type { TrainingConfig } from '../../core/config/campaign-config.ts';
import { UcoderError } from '../../core/errors.ts';
import { BASE_MODEL_NAME, baseModel } from '../../infra/install/base-model.ts';
import type { InstallContext } from '../../infra/install/install-context.ts';
import { pythonEnvironment } from '../../infra/install/python-environment.ts';
import { projectRoot } from '../../infra/paths.ts';
import { folderWeightsHash } from './checkpoint-manifest.ts';
import { createDockerBackend } from './docker-backend.ts';
import { createProcessBackend } from './process-backend.ts';
import type { TrainingBackend } from './training-backend.ts';

export type ModelFolder = { path: string; weightsSha256: string };

export type TrainingRuntime = {
  /** Thrown: training-invalid where the name is no model on this machine. */
  findBaseModel(name: string): Promise<ModelFolder>;
  backend(kind: TrainingConfig['backend']): Promise<TrainingBackend>;
};

/** Built from infra/trainer/Dockerfile. */
export const TRAINER_IMAGE = 'ucoder/trainer:1';
const PACKAGE_FOLDER = join(projectRoot, 'infra', 'trainer');

/**
 * Looks things up when they are needed: a worker starts before its machine is complete. `engine` is where the
 * docker back end runs; left out, DOCKER_HOST or the usual socket.
 */
export const localTrainingRuntime = (
  machine: InstallContext,
  engine?: Dockerode.DockerOptions,
): TrainingRuntime => ({
  findBaseModel: (name) => findBaseModel(machine, name),
  backend: async (kind) =>
    kind === 'docker'
      ? createDockerBackend({
          docker: new Dockerode(engine),
          image: TRAINER_IMAGE,
          packageFolder: PACKAGE_FOLDER,
          user: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
          gpus: true,
        })
      : createProcessBackend({
          python: await installedPython(machine),
          packageFolder: PACKAGE_FOLDER,
          variables: machine.variables,
        }),
});

/** Thrown: machine-incomplete. */
export const installedPython = async (machine: InstallContext): Promise<string> => {
  const python = await pythonEnvironment(machine).isInstalled();
  if (python === undefined) {
    throw new UcoderError(
      'machine-incomplete',
      'The Python environment of the trainer is not installed. Run: npx ucoder up',
    );
  }
  return python;
};

const findBaseModel = async (machine: InstallContext, name: string): Promise<ModelFolder> => {
  if (name === BASE_MODEL_NAME) {
    const installed = await baseModel(machine, await installedPython(machine)).isInstalled();
    if (installed) return installed;
    throw new UcoderError(
      'machine-incomplete',
      `The base model ${name} is not installed. Run: npx ucoder up`,
    );
  }
  const folder = isAbsolute(name) ? name : resolve(projectRoot, name);
  if (!existsSync(join(folder, 'config.json'))) {
    throw new UcoderError(
      'training-invalid',
      `model.base "${name}" is neither ${BASE_MODEL_NAME} nor a folder with a model (${folder} has no config.json), so there is nothing to train.`,
    );
  }
  return { path: folder, weightsSha256: await folderWeightsHash(folder) };
};
