/** How a checkpoint gets onto the model server, one function a mode. Each is safe to repeat. */
import { execa } from 'execa';
import { messageOf, UcoderError } from '../../core/errors.ts';
import { layout } from '../../core/layout.ts';
import type { ServedModel } from '../../infra/stack/served-model.ts';
import { whileHeartbeating } from '../context.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { CheckpointManifest } from '../training/checkpoint-manifest.ts';
import type { CheckpointPlace } from '../training/fetch-checkpoint.ts';
import { awaitServed, isServed, offers } from './await-served.ts';
import { deleteOldCopies, localCopy } from './local-copies.ts';
import type { ModelServer } from './model-server.ts';
import { writeServedModel } from './served-model-file.ts';

export type ServingTools = {
  store: ObjectStore;
  server: ModelServer;
  signal: AbortSignal;
  timeoutMs: number;
  /** Folder of local copies. */
  served: string;
};

export type CheckpointToServe = { place: CheckpointPlace; manifest: CheckpointManifest; name: string };

export type ManagedServer = {
  /** served-model.json */
  file: string;
  /** Resolves when the new process answers, at the latest when it is refused. */
  restart: (signal: AbortSignal) => Promise<void>;
  /** Whether it was stopped on purpose, to start no sooner than it is restarted. */
  rests: () => Promise<boolean>;
  log: string;
};

/** Our own server, restarted only where it serves something else than it should. */
export const serveManaged = async (
  tools: ServingTools,
  managed: ManagedServer,
  model: ServedModel,
): Promise<void> => {
  const { server, signal, timeoutMs } = tools;
  const changed = await writeServedModel(managed.file, model);
  const offered = await offers(server, signal);
  // A silent server is starting: with this model, unless the file said something else until now, or it rests.
  const stale = offered === undefined ? changed || (await managed.rests()) : !isServed(offered, model);
  if (stale) await whileHeartbeating(managed.restart(signal));
  await awaitServed(server, model, { signal, timeoutMs, hint: `Log of the server: ${managed.log}` });
  await deleteOldCopies(tools.served);
};

/** A LoRA adapter loaded into the running server, which must see the same disk. */
export const serveAdapter = async (
  tools: ServingTools,
  { place, manifest, name }: CheckpointToServe,
): Promise<void> => {
  const { store, server, signal, timeoutMs, served } = tools;
  if (!manifest.files.some(({ file }) => file.startsWith('adapter/'))) {
    throw new UcoderError(
      'serving-unsupported',
      `The checkpoint of iteration ${place.iteration} has no adapter: serving.mode adapter needs training.method lora.`,
    );
  }
  const path = `${await localCopy(store, place, manifest, served)}/adapter`;
  const offered = await server.models(signal);
  if (!isServed(offered, { name, path })) {
    // The same name with other weights: an earlier campaign's.
    if (isServed(offered, { name }))
      await server.tell('/v1/unload_lora_adapter', { lora_name: name }, signal);
    await server.tell('/v1/load_lora_adapter', { lora_name: name, lora_path: path }, signal);
  }
  await awaitServed(
    server,
    { name },
    {
      signal,
      timeoutMs,
      hint: 'The server was told to load the adapter; read its log.',
    },
  );
  await deleteOldCopies(served);
};

/** The user's own program, given the checkpoint and the name; it may take as long as it likes. */
export const serveByCommand = async (
  { server, signal, timeoutMs }: ServingTools,
  command: string,
  checkpoint: string,
  name: string,
): Promise<void> => {
  if (isServed(await offers(server, signal), { name })) {
    await awaitServed(server, { name }, { signal, timeoutMs, hint: '' });
    return;
  }
  try {
    await whileHeartbeating(
      execa(command, [checkpoint, name], { cancelSignal: signal, stdin: 'ignore', all: true }),
    );
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new UcoderError('model-unavailable', `serving.command failed: ${messageOf(cause).slice(0, 1000)}`, {
      cause,
    });
  }
  await awaitServed(
    server,
    { name },
    {
      signal,
      timeoutMs,
      hint: `serving.command ended well; it was given ${checkpoint} and ${name}.`,
    },
  );
};

export const checkpointUri = (store: ObjectStore, place: CheckpointPlace): string =>
  store.uri(layout.checkpoint(place, place.iteration, ''));
