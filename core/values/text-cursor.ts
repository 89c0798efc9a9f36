/** A position in a literal's text. */
export class LiteralError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LiteralError';
  }
}

const SPACE = /(?:[ \t\r\n\f]|\\\r?\n|#[^\n]*)+/y;

export class TextCursor {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  peek(): string | undefined {
    return this.#text[this.#position];
  }

  skipSpace(): void {
    const code = this.#text.charCodeAt(this.#position);
    // Most literals have single blanks or none.
    if (code > 0x23 && code !== 0x5c) return;
    this.takeMatch(SPACE);
  }

  take(token: string): boolean {
    if (!this.#text.startsWith(token, this.#position)) return false;
    this.#position += token.length;
    return true;
  }

  takeOneOf(characters: string): string | undefined {
    const next = this.peek();
    if (next === undefined || !characters.includes(next)) return undefined;
    this.#position += 1;
    return next;
  }

  /** `pattern` must be sticky. */
  takeMatch(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#text)?.[0];
    if (match !== undefined) this.#position += match.length;
    return match;
  }

  expect(token: string): void {
    if (!this.take(token)) throw this.error(`"${token}" was expected`);
  }

  error(message: string): LiteralError {
    return new LiteralError(`${message} (at character ${this.#position + 1})`);
  }
}
