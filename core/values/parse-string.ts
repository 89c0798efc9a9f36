/** Python's str and bytes literals: prefixes, three kinds of quotes, escapes, neighbours that are one string. */
import type { TextCursor } from './text-cursor.ts';
import type { Value } from './value.ts';

const OPENING = /(?:[uU]|[bB][rR]?|[rR][bB]?)?(?:'''|"""|'|")/y;
const PLAIN_SINGLE = /[^\\\n']+/y;
const PLAIN_DOUBLE = /[^\\\n"]+/y;
const OCTAL = /[0-7]{1,3}/y;
const HEX = { x: /[0-9a-fA-F]{2}/y, u: /[0-9a-fA-F]{4}/y, U: /[0-9a-fA-F]{8}/y } as const;

const SIMPLE: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** `last`: the last code unit; asking a growing string for it would copy it each time. */
type Text = { readonly type: 'str' | 'bytes'; value: string; last: number; readonly cuts: number[] };

/** Joins as Python does: two halves of a surrogate pair that come apart stay apart. */
const append = (text: Text, part: string): void => {
  if (part === '') return;
  if ((text.last & 0xfc00) === 0xd800 && (part.charCodeAt(0) & 0xfc00) === 0xdc00) {
    text.cuts.push(text.value.length);
  }
  text.value += part;
  text.last = part.charCodeAt(part.length - 1);
};

export const parseString = (cursor: TextCursor): Value | undefined => {
  let found: Text | undefined;
  for (let opening = cursor.takeMatch(OPENING); opening !== undefined; opening = cursor.takeMatch(OPENING)) {
    const quote = /['"]+$/.exec(opening)?.[0] ?? "'";
    const prefix = opening.slice(0, -quote.length).toLowerCase();
    const type = prefix.includes('b') ? 'bytes' : 'str';
    if (found && found.type !== type) throw cursor.error('bytes and str do not mix');
    found ??= { type, value: '', last: 0, cuts: [] };
    readBody(cursor, quote, prefix.includes('r'), found);
    cursor.skipSpace();
  }
  if (!found) return undefined;
  const { type, value, cuts } = found;
  return type === 'str' && cuts.length > 0 ? { type, value, cuts } : { type, value };
};

const readBody = (cursor: TextCursor, quote: string, raw: boolean, text: Text): void => {
  const plain = quote.startsWith("'") ? PLAIN_SINGLE : PLAIN_DOUBLE;
  while (!cursor.take(quote)) {
    const run = cursor.takeMatch(plain);
    if (run !== undefined) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII includes control characters.
      if (text.type === 'bytes' && /[^\x00-\x7f]/.test(run)) throw cursor.error('bytes hold ASCII only');
      append(text, run);
    } else if (cursor.take('\\')) {
      append(text, raw ? `\\${anyCharacter(cursor)}` : escapeSequence(cursor, text.type));
    } else if (quote.length === 3 && !cursor.atEnd) append(text, anyCharacter(cursor));
    else throw cursor.error('the string does not end');
  }
};

const ANY = /[\s\S]/y;
const anyCharacter = (cursor: TextCursor): string => {
  const character = cursor.takeMatch(ANY);
  if (character === undefined) throw cursor.error('the string does not end');
  return character;
};

const escapeSequence = (cursor: TextCursor, type: 'str' | 'bytes'): string => {
  const octal = cursor.takeMatch(OCTAL);
  if (octal !== undefined) {
    const code = Number.parseInt(octal, 8);
    return String.fromCharCode(type === 'bytes' ? code & 0xff : code);
  }
  const character = anyCharacter(cursor);
  if (Object.hasOwn(SIMPLE, character)) return SIMPLE[character] ?? '';
  if (character === 'x') return codePoint(cursor, 'x');
  if (type === 'str' && (character === 'u' || character === 'U')) return codePoint(cursor, character);
  if (type === 'str' && character === 'N') throw cursor.error('names of characters are not read here');
  return `\\${character}`;
};

const codePoint = (cursor: TextCursor, kind: keyof typeof HEX): string => {
  const digits = cursor.takeMatch(HEX[kind]);
  const code = Number.parseInt(digits ?? '', 16);
  if (Number.isNaN(code) || code > 0x10ffff) throw cursor.error(`\\${kind} is not complete`);
  return String.fromCodePoint(code);
};
