/** Deadlines on tokens: a server can hang while its health check answers, so only a token is a sign of life. */
import { UcoderError } from '../../core/errors.ts';

export type TokenDeadlines = {
  /** From the request to its first token, time in the server's queue included. */
  firstTokenMs: number;
  /** From one token to the next. */
  idleMs: number;
};

export class TokenDeadline {
  readonly signal: AbortSignal;
  readonly #deadlines: TokenDeadlines;
  readonly #stall = new AbortController();
  #timer: NodeJS.Timeout;
  #tokens = 0;

  constructor(deadlines: TokenDeadlines, cancelled?: AbortSignal) {
    this.#deadlines = deadlines;
    this.signal = cancelled ? AbortSignal.any([this.#stall.signal, cancelled]) : this.#stall.signal;
    this.#timer = setTimeout(() => this.#stall.abort(), deadlines.firstTokenMs);
  }

  get stalled(): boolean {
    return this.#stall.signal.aborted;
  }

  token(): void {
    this.#tokens += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#stall.abort(), this.#deadlines.idleMs);
  }

  clear(): void {
    clearTimeout(this.#timer);
  }

  error(url: string, cause: unknown): UcoderError {
    const waited = this.#tokens === 0 ? this.#deadlines.firstTokenMs : this.#deadlines.idleMs;
    const what = this.#tokens === 0 ? 'no token' : `no further token after ${this.#tokens} pieces`;
    return new UcoderError(
      'model-stalled',
      `The model server ${url} sent ${what} within ${waited / 1000} s.`,
      {
        cause,
      },
    );
  }
}
