import { describe, expect, it } from 'vitest';
import { AnswerCollector } from '../../../activities/model/answer-collector.ts';
import type { ModelChoice, ModelRequest } from '../../../activities/model/model-request.ts';
import type { StreamDelta } from '../../../activities/model/stream-deltas.ts';

const request: ModelRequest = {
  model: 'scripted',
  prompt: { ask: 'completion', prompt: 'Once upon', prefix: '' },
  temperature: 0.8,
  topP: 0.95,
  maxTokens: 20,
  stop: [],
  samples: 1,
  seed: 41,
  topLogprobs: 1,
};

const piece = (text: string, parts: Partial<StreamDelta & { kind: 'tokens' }> = {}): StreamDelta => ({
  kind: 'tokens',
  index: 0,
  text,
  logprobs: undefined,
  positions: [],
  ...parts,
});

/** The one sample of a whole answer that came in these pieces. */
const collected = (
  pieces: readonly StreamDelta[],
  completionTokens = pieces.length,
): ModelChoice | undefined => {
  const collector = new AnswerCollector(request);
  for (const delta of pieces) collector.add(delta);
  collector.add({ kind: 'finish', index: 0, reason: 'stop' });
  collector.add({ kind: 'usage', completionTokens });
  return collector.answer().choices[0];
};

describe('AnswerCollector', () => {
  it('keeps a surrogate pair whose halves came in two pieces', () => {
    expect(collected([piece('a\ud83d'), piece('\ude00b')])?.text).toBe('a😀b');
  });

  it('puts U+FFFD in the place of half a pair', () => {
    expect(collected([piece('a\ud83d'), piece('b\ude00')])?.text).toBe('a\ufffdb\ufffd');
    expect(collected([piece('\ude00\ud83d')])?.text).toBe('\ufffd\ufffd');
  });

  it('takes an answer of 300,000 tokens in one piece', () => {
    const tokens = 300_000;
    const choice = collected(
      [
        piece('a'.repeat(tokens), {
          logprobs: Array.from({ length: tokens }, () => -1),
          positions: Array.from({ length: tokens }, () => ({ token: 'a', top: [] })),
        }),
      ],
      tokens,
    );
    expect(choice).toMatchObject({ tokens, finish: 'stop' });
    expect(choice?.perplexity).toBeCloseTo(Math.E, 10);
    expect(choice?.positions).toHaveLength(tokens);
  });
});
