/** One shape for what both kinds of answers stream. */
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { Completion } from 'openai/resources/completions';
import type { ScoredToken } from '../../core/judging/expected-score.ts';

export type StreamDelta =
  | {
      kind: 'tokens';
      index: number;
      text: string;
      /** Log-probabilities of the tokens in this piece; undefined where the server gives none. */
      logprobs: number[] | undefined;
      positions: ScoredToken[];
    }
  | { kind: 'finish'; index: number; reason: string }
  | { kind: 'usage'; completionTokens: number };

export async function* chatDeltas(stream: AsyncIterable<ChatCompletionChunk>): AsyncGenerator<StreamDelta> {
  for await (const { choices, usage } of stream) {
    for (const { index, delta, logprobs, finish_reason } of choices ?? []) {
      const content = logprobs?.content ?? undefined;
      const text = delta?.content ?? '';
      if (text !== '' || content) {
        yield {
          kind: 'tokens',
          index,
          text,
          logprobs: content?.map(({ logprob }) => logprob),
          positions: (content ?? []).map(({ token, top_logprobs }) => ({ token, top: top_logprobs ?? [] })),
        };
      }
      if (finish_reason) yield { kind: 'finish', index, reason: finish_reason };
    }
    if (usage) yield { kind: 'usage', completionTokens: usage.completion_tokens };
  }
}

export async function* completionDeltas(stream: AsyncIterable<Completion>): AsyncGenerator<StreamDelta> {
  for await (const { choices, usage } of stream) {
    for (const { index, text, logprobs, finish_reason } of choices ?? []) {
      const values = logprobs?.token_logprobs;
      if (text || values) {
        yield {
          kind: 'tokens',
          index,
          text: text ?? '',
          logprobs: values,
          positions: (logprobs?.tokens ?? []).map((token, at) => ({
            token,
            top: Object.entries(logprobs?.top_logprobs?.[at] ?? {}).map(([other, logprob]) => ({
              token: other,
              logprob,
            })),
          })),
        };
      }
      if (finish_reason) yield { kind: 'finish', index, reason: finish_reason };
    }
    if (usage) yield { kind: 'usage', completionTokens: usage.completion_tokens };
  }
}
