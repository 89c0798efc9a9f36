/** Waits until a model is really served: a server lists names while it still loads, and can hang with good health. */
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { UcoderError } from '../../core/errors.ts';
import { heartbeat } from '../context.ts';
import type { ModelServer, OfferedModel } from './model-server.ts';

const Completion = z.looseObject({ choices: z.array(z.looseObject({ text: z.string() })).min(1) });
const POLL_MS = 500;

/** What is left out may be anything. */
export type WantedModel = { name: string; path?: string; contextLength?: number };

export type AwaitServedOptions = {
  signal: AbortSignal;
  timeoutMs: number;
  /** Where to read why it does not come, for the message. */
  hint: string;
};

/** Thrown: model-unavailable after the timeout. */
export const awaitServed = async (
  server: ModelServer,
  wanted: WantedModel,
  options: AwaitServedOptions,
): Promise<void> => {
  const start = performance.now();
  let last = 'nothing yet';
  while (performance.now() - start < options.timeoutMs) {
    options.signal.throwIfAborted();
    heartbeat();
    const offered = await offers(server, options.signal);
    if (isServed(offered, wanted)) {
      await completeOneToken(server, wanted.name, options.signal);
      return;
    }
    last = offered === undefined ? 'no answer' : offered.map(({ id }) => id).join(', ') || 'no model';
    await delay(POLL_MS, undefined, { signal: options.signal }).catch(() => undefined);
  }
  throw new UcoderError(
    'model-unavailable',
    `The model server at ${server.address} did not offer ${wanted.name} within ${Math.round(options.timeoutMs / 1000)} s (last: ${last}). ${options.hint}`,
  );
};

/** Undefined where the server does not answer, as while it restarts. */
export const offers = async (
  server: ModelServer,
  signal: AbortSignal,
): Promise<OfferedModel[] | undefined> => {
  try {
    return await server.models(signal);
  } catch (thrown) {
    if (thrown instanceof UcoderError && thrown.code !== 'model-refused') return undefined;
    throw thrown;
  }
};

/**
 * The same name may stand for other weights, of an earlier campaign: folder and context length tell, where
 * the server shows them.
 */
export const isServed = (
  offered: readonly OfferedModel[] | undefined,
  { name, path, contextLength }: WantedModel,
): boolean =>
  offered?.some(
    ({ id, root, max_model_len }) =>
      id === name &&
      (path === undefined || !root?.startsWith('/') || root === path) &&
      (contextLength === undefined || !max_model_len || max_model_len === contextLength),
  ) ?? false;

const completeOneToken = async (server: ModelServer, name: string, signal: AbortSignal): Promise<void> => {
  await server.post(
    '/v1/completions',
    { model: name, prompt: '1', max_tokens: 1, temperature: 0 },
    Completion,
    signal,
  );
};
