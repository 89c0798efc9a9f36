/** How likely a model finds given answers, token by token: vLLM scores a prompt that ends with the answer. */
import pLimit from 'p-limit';
import { z } from 'zod';
import type { ChatMessage } from '../../core/dataset/dataset-row.ts';
import { UcoderError } from '../../core/errors.ts';
import { heartbeat } from '../context.ts';
import type { ModelServer } from './model-server.ts';

const Tokenized = z.looseObject({ tokens: z.array(z.int()) });
/** One entry a token, with the log-probability of the token itself and perhaps of likelier ones; null for the first. */
const PromptLogProbabilities = z.array(
  z.record(z.string(), z.looseObject({ logprob: z.number() })).nullable(),
);
const Scored = z.looseObject({
  prompt_logprobs: PromptLogProbabilities.nullish(),
  choices: z.array(z.looseObject({ prompt_logprobs: PromptLogProbabilities.nullish() })).min(1),
});

/** Answers scored at once; the server batches them. */
const WIDTH = 8;

export type LogProbabilities = { sum: number; tokens: number };

/** The log-probability of a chat's last message, given those before it. */
export const measureLogProbability = async (
  server: ModelServer,
  model: string,
  messages: readonly ChatMessage[],
  signal: AbortSignal,
): Promise<LogProbabilities> => {
  const tokenize = async (body: object) =>
    (await server.post('/tokenize', { model, add_special_tokens: false, ...body }, Tokenized, signal)).tokens;
  const question = await tokenize({ messages: messages.slice(0, -1), add_generation_prompt: true });
  // Apart from the question, as the model would sample it and as it was trained.
  const answer = await tokenize({ prompt: messages.at(-1)?.content ?? '' });
  const prompt = [...question, ...answer];
  const scored = await server.post(
    '/v1/completions',
    { model, prompt, max_tokens: 1, temperature: 0, prompt_logprobs: 0 },
    Scored,
    signal,
  );
  const entries = scored.choices[0]?.prompt_logprobs ?? scored.prompt_logprobs;
  if (entries?.length !== prompt.length) {
    throw new UcoderError(
      'model-refused',
      `The model server at ${server.address} does not score prompts (prompt_logprobs).`,
    );
  }
  const values = answer.map((token, index) => entries[question.length + index]?.[String(token)]?.logprob);
  if (values.some((value) => value === undefined)) {
    throw new UcoderError(
      'model-answer-invalid',
      `The model server at ${server.address} scored other tokens than it was given.`,
    );
  }
  heartbeat();
  return { sum: values.reduce<number>((sum, value) => sum + (value ?? 0), 0), tokens: answer.length };
};

/** The mean over all tokens of all chats' last messages; null where there is none. */
export const meanLogProbability = async (
  server: ModelServer,
  model: string,
  chats: readonly (readonly ChatMessage[])[],
  signal: AbortSignal,
): Promise<{ mean: number | null; tokens: number }> => {
  const limit = pLimit(WIDTH);
  const measured = await Promise.all(
    chats.map((messages) => limit(() => measureLogProbability(server, model, messages, signal))),
  );
  const sum = measured.reduce((total, one) => total + one.sum, 0);
  const tokens = measured.reduce((total, one) => total + one.tokens, 0);
  return { mean: tokens === 0 ? null : sum / tokens, tokens };
};
