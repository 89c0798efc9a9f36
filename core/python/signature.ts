/**
 * A small strict grammar for `def name(argument: type, …) -> type:`. Everything that a later prompt or the
 * sandbox sees of a signature is written anew from what was parsed, never copied from the model's text.
 */
import { type Parsed, parsed, unparsed } from '../prompts/parsed.ts';
import { literalEnd } from './literal.ts';

export type Parameter = { name: string; type: string; defaultValue?: string };

export type Signature = {
  functionName: string;
  parameters: Parameter[];
  returns: string;
  /** Names that the types need from the typing module, sorted. */
  typingNames: string[];
};

const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);
const BUILT_IN_TYPES = new Set(
  'int float complex str bytes bool list dict tuple set frozenset object None'.split(' '),
);
const TYPING_NAMES = new Set(
  'Any Callable Dict FrozenSet Generator Iterable Iterator List Mapping Optional Sequence Set Tuple Union'.split(
    ' ',
  ),
);
const MAXIMUM_LENGTH = 400;
const IDENTIFIER = /[A-Za-z_]\w*/y;

export const isIdentifier = (text: string): boolean =>
  /^[A-Za-z_]\w{0,79}$/.test(text) && !KEYWORDS.has(text);

export const parseSignature = (text: string): Parsed<Signature> => {
  if (text.length > MAXIMUM_LENGTH) return unparsed('signature-too-long');
  const reader = new SignatureReader(text.trim());
  const signature = reader.signature();
  return signature ? parsed(signature) : unparsed('signature-invalid');
};

/** The canonical text: one line, ending in a colon. */
export const signatureText = ({ functionName, parameters, returns }: Signature): string => {
  const list = parameters.map(({ name, type, defaultValue }) =>
    defaultValue === undefined ? `${name}: ${type}` : `${name}: ${type} = ${defaultValue}`,
  );
  return `def ${functionName}(${list.join(', ')}) -> ${returns}:`;
};

class SignatureReader {
  readonly #text: string;
  readonly #typing = new Set<string>();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  signature(): Signature | undefined {
    if (!this.#word('def')) return undefined;
    const functionName = this.#identifier();
    if (!functionName || !isIdentifier(functionName) || !this.#take('(')) return undefined;
    const parameters: Parameter[] = [];
    while (!this.#take(')')) {
      if (parameters.length > 0 && !this.#take(',')) return undefined;
      if (parameters.length > 0 && this.#take(')')) break;
      const parameter = this.#parameter();
      if (!parameter || parameters.some(({ name }) => name === parameter.name)) return undefined;
      const previous = parameters.at(-1);
      if (previous?.defaultValue !== undefined && parameter.defaultValue === undefined) return undefined;
      parameters.push(parameter);
    }
    const returns = this.#take('->') ? this.#type() : undefined;
    if (!returns || !this.#take(':') || this.#at !== this.#text.length) return undefined;
    return { functionName, parameters, returns, typingNames: [...this.#typing].sort() };
  }

  #parameter(): Parameter | undefined {
    const name = this.#identifier();
    if (!name || !isIdentifier(name) || !this.#take(':')) return undefined;
    const type = this.#type();
    if (!type) return undefined;
    if (!this.#take('=')) return { name, type };
    this.#skipSpace();
    const end = literalEnd(this.#text, this.#at);
    if (end === -1) return undefined;
    const defaultValue = this.#text.slice(this.#at, end);
    this.#at = end;
    return defaultValue.includes('\n') ? undefined : { name, type, defaultValue };
  }

  #type(): string | undefined {
    const members = [this.#plainType()];
    while (this.#take('|')) members.push(this.#plainType());
    return members.every((member) => member !== undefined) ? members.join(' | ') : undefined;
  }

  #plainType(): string | undefined {
    if (this.#take('...')) return '...';
    if (this.#take('[')) {
      const inner = this.#typeList();
      return inner === undefined ? undefined : `[${inner}]`;
    }
    const name = this.#identifier();
    if (!name) return undefined;
    if (TYPING_NAMES.has(name)) this.#typing.add(name);
    else if (!BUILT_IN_TYPES.has(name)) return undefined;
    if (!this.#take('[')) return name;
    const inner = this.#typeList();
    return inner === undefined || inner === '' ? undefined : `${name}[${inner}]`;
  }

  /** Types up to the closing bracket. */
  #typeList(): string | undefined {
    const types: string[] = [];
    while (!this.#take(']')) {
      if (types.length > 0 && !this.#take(',')) return undefined;
      const type = this.#type();
      if (!type) return undefined;
      types.push(type);
    }
    return types.join(', ');
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at += 1;
  }

  #take(token: string): boolean {
    this.#skipSpace();
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }

  #word(word: string): boolean {
    return this.#identifier() === word;
  }

  #identifier(): string | undefined {
    this.#skipSpace();
    IDENTIFIER.lastIndex = this.#at;
    const found = IDENTIFIER.exec(this.#text)?.[0];
    if (found) this.#at += found.length;
    return found;
  }
}
