/**
 * A whole stack to be broken: the run's Temporal, S3 and Docker servers behind proxies of ours, a scripted model
 * server, a false trainer, and one worker process a queue, started by the project's own command.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { S3Client } from '@aws-sdk/client-s3';
import { Client, Connection } from '@temporalio/client';
import { OWNER_LABEL } from '../../../activities/sandbox/container-template.ts';
import { S3Store } from '../../../activities/store/s3-store.ts';
import { layout } from '../../../core/layout.ts';
import { readEnvironment } from '../../../infra/environment.ts';
import { projectRoot } from '../../../infra/paths.ts';
import { processesMarked } from '../../../infra/stack/process-identity.ts';
import { ps } from '../../../infra/stack/ps.ts';
import { up } from '../../../infra/stack/up.ts';
import { waitUntil } from '../../../infra/stack/wait-until.ts';
import { type QueueName, TASK_QUEUES } from '../../../workflows/task-queues.ts';
import { testDocker } from '../../support/docker.ts';
import { ManagedProcess } from './managed-process.ts';
import { startS3Proxy } from './s3-proxy.ts';
import { startScriptedModel } from './scripted-model.ts';
import { startTcpProxy } from './tcp-proxy.ts';

export const BASE_MODEL = 'test/chaos/base-model';
export const BUCKET = 'ucoder-chaos';
const RECOVERY_TIMEOUT_MS = 60_000;
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const SERVER_NAMES = ['temporal', 's3', 'docker-engine'] as const;
export type ServerName = (typeof SERVER_NAMES)[number];
export type ChaosStack = Awaited<ReturnType<typeof startChaosStack>>;

/** Needs the variables that the run's set-up provides (test/support/use-stack.ts). */
export const startChaosStack = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ucoder-chaos-'));
  const model = await startScriptedModel(folder, BASE_MODEL);
  const proxies = {
    temporal: await startTcpProxy(process.env.TEMPORAL_ADDRESS ?? ''),
    s3: await startS3Proxy(process.env.AWS_ENDPOINT_URL_S3 ?? ''),
    model: await startTcpProxy(model.address),
  };
  const trainerPlan = join(folder, 'trainer-plan');
  await writePrograms(folder, trainerPlan);
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: `${join(folder, 'bin')}:${process.env.PATH ?? ''}`,
    UCODER_STATE: folder,
    UCODER_BUCKET: BUCKET,
    UCODER_MODEL_URL: `http://${proxies.model.address}/v1`,
    UCODER_PYTHON: join(folder, 'bin', 'python'),
    UCODER_WORKFLOW_MODULES: here('./short-timeouts.ts'),
    UCODER_FIRST_TOKEN_SECONDS: '3',
    UCODER_IDLE_SECONDS: '3',
    TEMPORAL_ADDRESS: proxies.temporal.address,
    AWS_ENDPOINT_URL_S3: proxies.s3.url,
  };
  const workers = Object.fromEntries(
    Object.keys(TASK_QUEUES).map((queue) => [queue, workerProcess(queue, folder, environment)]),
  ) as Record<QueueName, ManagedProcess>;
  const client = new Client({ connection: Connection.lazy({ address: process.env.TEMPORAL_ADDRESS ?? '' }) });
  const s3 = new S3Client({ forcePathStyle: true, maxAttempts: 10 });
  const store = new S3Store(s3, BUCKET);
  const servers = readEnvironment();

  const startWorkers = async (): Promise<void> => {
    await Promise.all(Object.values(workers).map((worker) => worker.start()));
  };
  const killed = new Map<string, number>();
  const untilServersAnswer = async (): Promise<void> => {
    const names: readonly string[] = SERVER_NAMES;
    // The supervisor may not have looked yet: one that was killed comes back as another process.
    const answering = async () =>
      (await ps(servers)).filter(
        ({ name, pid, healthy }) => names.includes(name) && healthy && pid !== killed.get(name),
      ).length;
    const all = async () => (await answering()) === names.length;
    if (!(await waitUntil(all, RECOVERY_TIMEOUT_MS, { everyMs: 200 })))
      throw new Error('The servers did not come back.');
  };
  const startSupervisor = async (): Promise<void> => {
    await up(ownServices(), { only: { parts: [], services: SERVER_NAMES } });
  };
  await startWorkers();
  return {
    ...{ folder, model, proxies, workers, client, s3, store, trainerPlan, environment, startWorkers },

    /** kill -9 of a server; the supervisor starts it again, which `untilServersAnswer` awaits. */
    killServer: async (name: ServerName): Promise<void> => {
      const pid = (await ps(servers)).find((line) => line.name === name)?.pid;
      if (!pid) throw new Error(`${name} does not run.`);
      killed.set(name, pid);
      process.kill(pid, 'SIGKILL');
    },
    untilServersAnswer,

    /** kill -9 of every training job of this stack; nothing happens where none runs. */
    killTrainers: async (): Promise<void> => {
      for (const { pid } of await processesMarked('FALSE_TRAINER_PLAN', trainerPlan)) kill(pid);
    },

    /** kill -9 of every container of candidates. */
    killContainers: async (): Promise<void> => {
      const docker = testDocker();
      for (const { Id } of await docker.listContainers({ filters: { label: [OWNER_LABEL] } }))
        await docker
          .getContainer(Id)
          .kill()
          // It ended first, or the engine did.
          .catch(() => undefined);
    },

    /** kill -9 of the supervisor of the servers, which live on; `startSupervisor` brings another. */
    killSupervisor: async (): Promise<void> => {
      for (const { role, pid } of await ps(servers)) if (role === 'supervisor' && pid) kill(pid);
    },
    startSupervisor,

    /** Another worker on the queue beside the one that is there. */
    secondWorker: async (queue: QueueName): Promise<ManagedProcess> => {
      const second = workerProcess(queue, folder, environment, '-second');
      await second.start();
      return second;
    },

    /**
     * Workers, servers, model server and trainer at once; then all of it is started again: the servers by their
     * supervisor or, where it is killed as well, by `up`.
     */
    killEverything: async ({ supervisorToo = false } = {}): Promise<void> => {
      const lines = (await ps(servers)).filter(({ role }) => supervisorToo || role !== 'supervisor');
      const pids = lines.flatMap(({ pid }) => pid ?? []);
      for (const { name, pid } of lines) if (pid) killed.set(name, pid);
      const jobs = await processesMarked('FALSE_TRAINER_PLAN', trainerPlan);
      for (const pid of [...pids, ...jobs.map(({ pid: job }) => job)]) kill(pid);
      await Promise.all([...Object.values(workers), model.process].map((part) => part.end()));
      if (supervisorToo) await startSupervisor();
      await untilServersAnswer();
      await model.process.start();
      await startWorkers();
    },

    until: async (condition: () => boolean | Promise<boolean>, what: string): Promise<void> => {
      if (!(await waitUntil(condition, RECOVERY_TIMEOUT_MS))) throw new Error(`Never: ${what}.`);
    },

    /** Waits until so many attempts of the campaign have come to nothing. */
    untilFaults: async (name: string, count: number): Promise<void> => {
      const left = async () => (await store.list(layout.faults(name))).length >= count;
      if (!(await waitUntil(left, RECOVERY_TIMEOUT_MS))) throw new Error(`${name} has no ${count} faults.`);
    },

    /** Everything that a test broke works again, for the next one. */
    mend: async (): Promise<void> => {
      await terminateOpen(client);
      proxies.s3.state.plan = () => undefined;
      proxies.temporal.set('pass');
      proxies.model.set('pass');
      await rm(trainerPlan, { force: true });
      await model.process.start();
      await model.spoil([]);
      await model.slowDown(0);
      await Promise.all(
        Object.values(workers)
          .filter(({ isAltered }) => isAltered)
          .map((worker) => worker.end('SIGTERM')),
      );
      await startWorkers();
    },

    stop: async (): Promise<void> => {
      await Promise.all(Object.values(workers).map((worker) => worker.end()));
      await model.process.end();
      await Promise.all([proxies.temporal.close(), proxies.s3.close(), proxies.model.close()]);
      await (client.connection as Connection).close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** A campaign that a test leaves behind holds the model server's lease: the next one would wait for ever. */
const terminateOpen = async ({ workflow }: Client): Promise<void> => {
  for await (const { workflowId, runId } of workflow.list({ query: 'ExecutionStatus = "Running"' })) {
    // One that ends in the meantime is as good.
    await workflow
      .getHandle(workflowId, runId)
      .terminate()
      .catch(() => undefined);
  }
};

/** The interpreter that runs the false trainer, and the command that puts a checkpoint on the scripted server. */
const writePrograms = async (folder: string, trainerPlan: string): Promise<void> => {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const python = `#!/bin/sh\nPYTHONPATH='${here('../false-trainer')}' FALSE_TRAINER_PLAN='${trainerPlan}' exec python3 "$@"\n`;
  const names = join(folder, 'served-names');
  const serve = `#!/bin/sh\ngrep -qxF "$2" '${names}' || echo "$2" >> '${names}'\n`;
  await writeFile(join(bin, 'python'), python, { mode: 0o755 });
  await writeFile(join(bin, 'serve-scripted'), serve, { mode: 0o755 });
};

/** The run's stack as its set-up saw it: where the addresses of servers are set, they are somebody else's. */
const ownServices = () =>
  readEnvironment(
    Object.fromEntries(Object.entries(process.env).filter(([variable]) => variable.startsWith('UCODER_'))),
  );

/** A process that is gone already is as dead as it should be. */
const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended first.
  }
};

const workerProcess = (
  queue: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
  suffix = '',
): ManagedProcess =>
  new ManagedProcess({
    name: `worker-${queue}${suffix}`,
    command: [
      ...([process.execPath, '--import', 'tsx', join(projectRoot, 'cli', 'main.ts')] as const),
      ...['worker', '--queues', queue],
    ],
    folder: projectRoot,
    environment,
    log: join(folder, `worker-${queue}${suffix}.log`),
    readyLine: 'Worker serves',
  });
