/** Walks over Python text without running it: where strings and brackets end. */

const OPENING: Record<string, string> = { '(': ')', '[': ']', '{': '}' };
const CLOSING = new Set(Object.values(OPENING));

/** The index after the string literal whose quote stands at `start`, or -1 where it does not end. */
export const stringEnd = (text: string, start: number): number => {
  const quote = text.charAt(start);
  const triple = quote.repeat(3);
  const delimiter = text.startsWith(triple, start) ? triple : quote;
  let at = start + delimiter.length;
  while (at < text.length) {
    if (text[at] === '\\') at += 2;
    else if (text.startsWith(delimiter, at)) return at + delimiter.length;
    else if (text[at] === '\n' && delimiter.length === 1) return -1;
    else at += 1;
  }
  return -1;
};

/** The index after a comment that starts at `start`; its line break is not part of it. */
export const commentEnd = (text: string, start: number): number => {
  const end = text.indexOf('\n', start);
  return end === -1 ? text.length : end;
};

/** The index after the bracket that closes the one at `start`, or -1 where brackets or strings do not match. */
export const bracketEnd = (text: string, start: number): number => {
  const expected: string[] = [];
  let at = start;
  while (at < text.length) {
    const character = text.charAt(at);
    const closing = OPENING[character];
    if (character === '"' || character === "'") {
      at = stringEnd(text, at);
      if (at === -1) return -1;
      continue;
    }
    if (character === '#') {
      at = commentEnd(text, at);
      continue;
    }
    if (closing) expected.push(closing);
    else if (CLOSING.has(character)) {
      if (expected.pop() !== character) return -1;
      if (expected.length === 0) return at + 1;
    }
    at += 1;
  }
  return -1;
};
