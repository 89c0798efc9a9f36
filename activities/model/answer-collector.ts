/** Puts the pieces of a stream together and checks that they make a whole answer: all samples, each ended, and the usage. */
import { UcoderError } from '../../core/errors.ts';
import type { ModelAnswer, ModelChoice, ModelRequest } from './model-request.ts';
import type { StreamDelta } from './stream-deltas.ts';

/** More than any answer within its token limit; a server that streams on and on must not fill our memory. */
const MAXIMUM_CHARACTERS = 8 * 1024 * 1024;

type Sample = {
  text: string[];
  logprobs: number[];
  positions: ModelChoice['positions'];
  finish: string | undefined;
};

export class AnswerCollector {
  readonly #request: ModelRequest;
  readonly #samples: Sample[];
  #characters = 0;
  #completionTokens: number | undefined;

  constructor(request: ModelRequest) {
    this.#request = request;
    this.#samples = Array.from({ length: request.samples }, () => ({
      text: [],
      logprobs: [],
      positions: [],
      finish: undefined,
    }));
  }

  add(delta: StreamDelta): void {
    if (delta.kind === 'usage') {
      this.#completionTokens = delta.completionTokens;
      return;
    }
    const sample = this.#samples[delta.index];
    if (!sample) throw this.#invalid(`a sample numbered ${delta.index} that was not asked for`);
    if (delta.kind === 'finish') {
      sample.finish = delta.reason;
      return;
    }
    this.#characters += delta.text.length;
    if (this.#characters > MAXIMUM_CHARACTERS) throw this.#invalid('more text than the token limit allows');
    sample.text.push(delta.text);
    // One by one: a server may send a whole answer in one piece, more tokens than a call takes arguments.
    for (const logprob of delta.logprobs ?? []) sample.logprobs.push(logprob);
    if (this.#request.topLogprobs) for (const position of delta.positions) sample.positions.push(position);
  }

  answer(): ModelAnswer {
    const ended = this.#samples.filter(({ finish }) => finish !== undefined).length;
    if (ended < this.#samples.length) throw this.#invalid(`${ended} of ${this.#samples.length} samples`);
    const total = this.#completionTokens;
    if (total === undefined || !Number.isInteger(total) || total < 0) throw this.#invalid('no usage');
    const tokens = this.#tokensBySample(total);
    const choices = this.#samples.map(
      ({ text, logprobs, positions, finish }, index): ModelChoice => ({
        // Of the whole, for two pieces may share a pair. Half of one would be carried into the bucket and on to the trainer.
        text: text.join('').toWellFormed(),
        finish: finish === 'stop' || finish === 'length' ? finish : 'other',
        tokens: tokens[index] ?? 0,
        perplexity: perplexityOf(logprobs),
        positions,
      }),
    );
    return { choices, tokens: total };
  }

  /** One log-probability a token, where there are any; otherwise shares of the total by length of text. */
  #tokensBySample(total: number): number[] {
    const counted = this.#samples.map(({ logprobs }) => logprobs.length);
    if (counted.reduce((sum, count) => sum + count, 0) === total) return counted;
    let characters = 0;
    let given = 0;
    return this.#samples.map(({ text }) => {
      characters += text.join('').length;
      const upTo = this.#characters === 0 ? 0 : Math.round((total * characters) / this.#characters);
      const share = upTo - given;
      given = upTo;
      return share;
    });
  }

  #invalid(got: string): UcoderError {
    return new UcoderError(
      'model-answer-invalid',
      `The model server answered the request for ${this.#request.samples} samples of ${this.#request.model} with ${got}.`,
    );
  }
}

/** f(r) = exp(−mean log-probability), fluency of arXiv 2512.17385. Values above 0 by rounding count as 0. */
const perplexityOf = (logprobs: readonly number[]): number | null => {
  if (logprobs.length === 0) return null;
  const mean = logprobs.reduce((sum, value) => sum + Math.min(0, value), 0) / logprobs.length;
  const perplexity = Math.exp(-mean);
  return Number.isFinite(perplexity) ? perplexity : null;
};
