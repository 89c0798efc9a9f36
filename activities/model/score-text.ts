/** Scores a text that the model did not write: the completions protocol echoes it with its log-probabilities. */
import type OpenAI from 'openai';
import { UcoderError } from '../../core/errors.ts';
import type { ScoreRequest } from './model-request.ts';

export const scoreText = async (
  client: OpenAI,
  { model, given, scored }: ScoreRequest,
  signal: AbortSignal,
): Promise<number[]> => {
  const { choices } = await client.completions.create(
    { model, prompt: given + scored, echo: true, max_tokens: 0, logprobs: 0, temperature: 0 },
    { signal },
  );
  const { tokens, token_logprobs: values } = choices?.[0]?.logprobs ?? {};
  if (!tokens || tokens.length !== values?.length || !tokens.join('').endsWith(scored)) {
    throw new UcoderError(
      'model-answer-invalid',
      `The model server did not echo the text that ${model} was to score, or not with its log-probabilities.`,
    );
  }
  const start = tokens.join('').length - scored.length;
  let at = 0;
  return tokens.flatMap((token, index) => {
    const begins = at;
    at += token.length;
    // The first token of all has no probability, and one that begins before `scored` belongs to what is given.
    const value: number | null | undefined = values[index];
    return begins >= start && typeof value === 'number' ? [value] : [];
  });
};
