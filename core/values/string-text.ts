/** `repr` of Python's str and bytes. */

/** What `str.isprintable` refuses: control, format, surrogate, private, unassigned, separators but the space. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const NEEDS_CARE = /[^\x20-\x7e]|['\\]/;

const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const quoteFor = (text: string): string => (text.includes("'") && !text.includes('"') ? '"' : "'");

const hex = (code: number, width: number): string => code.toString(16).padStart(width, '0');

const escaped = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
};

/** `cuts`: positions at which no two halves make one character. */
export const stringText = (text: string, cuts: readonly number[] = []): string => {
  if (!NEEDS_CARE.test(text)) return `'${text}'`;
  const quote = quoteFor(text);
  let body = '';
  let from = 0;
  for (const to of [...cuts, text.length]) {
    for (const character of text.slice(from, to)) {
      if (character === quote) body += `\\${quote}`;
      else body += SHORT[character] ?? (UNPRINTABLE.test(character) ? escaped(character) : character);
    }
    from = to;
  }
  return quote + body + quote;
};

export const bytesText = (bytes: string): string => {
  const quote = quoteFor(bytes);
  let body = '';
  for (const character of bytes) {
    if (character === quote) body += `\\${quote}`;
    else body += SHORT[character] ?? (/[\x20-\x7e]/.test(character) ? character : escaped(character));
  }
  return `b${quote}${body}${quote}`;
};
