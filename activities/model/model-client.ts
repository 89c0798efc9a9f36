/** Asks any OpenAI-compatible server, vLLM first. One request, one try: Temporal repeats what failed. */
import OpenAI from 'openai';
import { AnswerCollector } from './answer-collector.ts';
import { classifyModelError } from './model-errors.ts';
import type { ModelClient, ModelRequest, ModelServer } from './model-request.ts';
import { scoreText } from './score-text.ts';
import { chatDeltas, completionDeltas, type StreamDelta } from './stream-deltas.ts';
import { TokenDeadline, type TokenDeadlines } from './token-deadline.ts';

/** A CPU that starts with many long prompts takes minutes to its first token, and pauses between tokens for others. */
export const DEFAULT_DEADLINES: TokenDeadlines = { firstTokenMs: 300_000, idleMs: 120_000 };

export const createModelClient = (
  server: ModelServer,
  deadlines: TokenDeadlines = DEFAULT_DEADLINES,
): ModelClient => {
  const client = new OpenAI({
    baseURL: baseUrl(server.url),
    // The library insists on one; servers of one's own mostly want none.
    apiKey: server.apiKey ?? 'none',
    maxRetries: 0,
    // What it would log is in the error.
    logLevel: 'off',
    // Deadlines are on tokens, below: the library's own covers the whole answer.
    timeout: 2 ** 31 - 1,
  });
  /** Runs one request under its deadlines and tells every failure in our words. */
  const guarded = async <T>(
    model: string,
    cancelled: AbortSignal | undefined,
    work: (deadline: TokenDeadline) => Promise<T>,
  ): Promise<T> => {
    const deadline = new TokenDeadline(deadlines, cancelled);
    try {
      const result = await work(deadline);
      // An abort ends a stream like an answer.
      deadline.signal.throwIfAborted();
      return result;
    } catch (thrown) {
      cancelled?.throwIfAborted();
      if (deadline.stalled) throw deadline.error(server.url, thrown);
      throw classifyModelError(thrown, { ...server, model });
    } finally {
      deadline.clear();
    }
  };
  return {
    ask: (request, signal) =>
      guarded(request.model, signal, async (deadline) => {
        const collector = new AnswerCollector(request);
        for await (const delta of await open(client, request, deadline.signal)) {
          collector.add(delta);
          if (delta.kind === 'tokens') deadline.token();
        }
        deadline.signal.throwIfAborted();
        return collector.answer();
      }),
    score: (request, signal) =>
      guarded(request.model, signal, (deadline) => scoreText(client, request, deadline.signal)),
  };
};

/** Both http://host:8100 and http://host:8100/v1 are understood. */
const baseUrl = (url: string): string => {
  const trimmed = url.replace(/\/+$/, '');
  return /\/v\d+$/.test(trimmed) ? trimmed : `${trimmed}/v1`;
};

const open = async (
  client: OpenAI,
  request: ModelRequest,
  signal: AbortSignal,
): Promise<AsyncIterable<StreamDelta>> => {
  const { prompt, stop } = request;
  const common = {
    model: request.model,
    n: request.samples,
    seed: request.seed,
    temperature: request.temperature,
    top_p: request.topP,
    max_tokens: request.maxTokens,
    stream: true as const,
    stream_options: { include_usage: true },
    ...(stop.length > 0 ? { stop: [...stop] } : {}),
  };
  if (prompt.ask === 'completion') {
    const extras = completionConstraint(request.constraint);
    const body = { ...common, prompt: prompt.prompt, logprobs: request.topLogprobs ?? 0, ...extras };
    return completionDeltas(await client.completions.create(body, { signal }));
  }
  // vLLM: the last message is continued rather than answered.
  const begun = prompt.prefix === '' ? {} : { continue_final_message: true, add_generation_prompt: false };
  const extras = chatConstraint(request.constraint);
  const body = {
    ...common,
    messages: prompt.messages,
    logprobs: true,
    top_logprobs: request.topLogprobs ?? 0,
    ...begun,
    ...extras,
  };
  return chatDeltas(await client.chat.completions.create(body, { signal }));
};

/** Completions have no response_format in the protocol; vLLM's own field serves both. */
const completionConstraint = (constraint: ModelRequest['constraint']) => {
  if (!constraint) return {};
  return { structured_outputs: 'regex' in constraint ? constraint : { json: constraint.jsonSchema } };
};

const chatConstraint = (constraint: ModelRequest['constraint']) => {
  if (!constraint) return {};
  if ('regex' in constraint) return { structured_outputs: constraint };
  return {
    response_format: {
      type: 'json_schema' as const,
      json_schema: { name: 'answer', strict: true, schema: constraint.jsonSchema },
    },
  };
};
