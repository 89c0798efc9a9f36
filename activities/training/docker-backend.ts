/** The job as a container with the GPUs: the same folder, the same files, no network. Its name is the job's. */
import type Dockerode from 'dockerode';
import { messageOf, UcoderError } from '../../core/errors.ts';
import { whileHeartbeating } from '../context.ts';
import type { JobFolder } from './job-folder.ts';
import type { JobPlan, TrainingBackend } from './training-backend.ts';

export type DockerBackendOptions = {
  docker: Dockerode;
  /** Made from infra/trainer/Dockerfile. */
  image: string;
  packageFolder: string;
  /** Owner of the files the job writes; the worker's own, so that it may delete them. */
  user: { uid: number; gid: number };
  /** Without GPUs the job runs on the CPU. */
  gpus: boolean;
  graceSeconds?: number;
};

const PACKAGE = '/opt/ucoder';
const GRACE_SECONDS = 60;
/** PyTorch's data loaders and CUDA share memory; Docker's default is 64 MiB. */
const SHARED_MEMORY_BYTES = 2 * 1024 ** 3;

const containerName = ({ jobId }: JobFolder): string => `ucoder-train-${jobId}`;

/** Paths inside are those outside: job.json holds for both back ends. */
export const containerOptions = (
  { folder, model }: JobPlan,
  options: Omit<DockerBackendOptions, 'docker'>,
): Dockerode.ContainerCreateOptions => ({
  name: containerName(folder),
  Image: options.image,
  Entrypoint: ['python3', '-m', 'ucoder_trainer', folder.path],
  WorkingDir: folder.path,
  User: `${options.user.uid}:${options.user.gid}`,
  Env: [`PYTHONPATH=${PACKAGE}`, 'PYTHONUNBUFFERED=1', 'HF_HUB_OFFLINE=1', 'HOME=/tmp'],
  Labels: { 'ucoder.role': 'trainer', 'ucoder.job': folder.jobId },
  HostConfig: {
    Binds: [
      `${folder.path}:${folder.path}`,
      `${model}:${model}:ro`,
      `${options.packageFolder}:${PACKAGE}:ro`,
    ],
    NetworkMode: 'none',
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    ShmSize: SHARED_MEMORY_BYTES,
    Init: true,
    ...(options.gpus ? { DeviceRequests: [{ Driver: 'nvidia', Count: -1, Capabilities: [['gpu']] }] } : {}),
  },
});

export const createDockerBackend = (options: DockerBackendOptions): TrainingBackend => {
  const containerOf = (folder: JobFolder) => options.docker.getContainer(containerName(folder));

  const isRunning = async (folder: JobFolder): Promise<boolean> => {
    try {
      return (await containerOf(folder).inspect()).State.Running;
    } catch (thrown) {
      if (statusOf(thrown) === 404) return false;
      throw engineError(thrown);
    }
  };

  return {
    isRunning,

    async start(plan) {
      if (await isRunning(plan.folder)) return;
      try {
        await removeContainer(containerOf(plan.folder));
        const container = await options.docker.createContainer(containerOptions(plan, options));
        await container.start();
      } catch (thrown) {
        // The name is taken: another worker started it in this moment.
        if (statusOf(thrown) === 409) return;
        throw engineError(thrown, options.image);
      }
    },

    async stop(folder) {
      const container = containerOf(folder);
      try {
        await whileHeartbeating(stopContainer(container, options.graceSeconds ?? GRACE_SECONDS));
        await removeContainer(container);
      } catch (thrown) {
        throw engineError(thrown);
      }
    },
  };
};

const stopContainer = async (container: Dockerode.Container, seconds: number): Promise<void> => {
  try {
    await container.stop({ t: seconds });
  } catch (thrown) {
    // Stopped already, or gone.
    if (statusOf(thrown) !== 304 && statusOf(thrown) !== 404) throw thrown;
  }
};

const removeContainer = async (container: Dockerode.Container): Promise<void> => {
  try {
    await container.remove();
  } catch (thrown) {
    if (statusOf(thrown) !== 404) throw thrown;
  }
};

const statusOf = (thrown: unknown): number | undefined =>
  thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number'
    ? thrown.statusCode
    : undefined;

const engineError = (thrown: unknown, image?: string): UcoderError => {
  if (thrown instanceof UcoderError) return thrown;
  const cause = { cause: thrown };
  if (image && statusOf(thrown) === 404) {
    return new UcoderError(
      'training-invalid',
      `The image ${image} is not on this host. Build it: docker build -t ${image} infra/trainer`,
      cause,
    );
  }
  return new UcoderError(
    'engine-unavailable',
    `The Docker engine did not do its part of training: ${messageOf(thrown)}.`,
    cause,
  );
};
