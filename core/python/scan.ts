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

/** What stands at `index` in a list of ends; -1 beyond it. */
const endAt = (ends: Int32Array, index: number): number => ends[index] ?? -1;

/** `stringEnd` of every quote in one pass; elsewhere -1. Text full of quotes that never close costs no more than other text. */
export const stringEnds = (text: string): Int32Array => {
  const ends = new Int32Array(text.length).fill(-1);
  for (const quote of ['"', "'"]) if (text.includes(quote)) fillStringEnds(ends, text, quote.charCodeAt(0));
  return ends;
};

const BACKSLASH = 0x5c;
const LINE_BREAK = 0x0a;
/** What brackets end by, or hide in. */
const SPECIAL = '()[]{}"\'#\n';

/** From the end backwards: a string that is open at a character ends where it does from the next one on, unless this one ends it. */
const fillStringEnds = (ends: Int32Array, text: string, quote: number): void => {
  // Ends of a string that is open one or two characters on, and of one with three quotes, up to three on.
  let [single, singleIn2, triple, tripleIn2, tripleIn3] = [-1, -1, -1, -1, -1];
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const code = text.charCodeAt(at);
    const isQuote = code === quote;
    const isTriple = isQuote && text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote;
    if (isQuote) ends[at] = isTriple ? tripleIn3 : single;
    let open = single;
    let openTriple = triple;
    if (code === BACKSLASH) {
      open = singleIn2;
      openTriple = tripleIn2;
    } else if (isQuote) {
      open = at + 1;
      if (isTriple) openTriple = at + 3;
    } else if (code === LINE_BREAK) open = -1;
    singleIn2 = single;
    single = open;
    tripleIn3 = tripleIn2;
    tripleIn2 = triple;
    triple = openTriple;
  }
};

/** `bracketEnd` of every opening bracket in one pass; elsewhere -1. Neither unclosed brackets nor deep ones cost more than others. */
export const bracketEnds = (text: string, strings: Int32Array = stringEnds(text)): Int32Array => {
  const ends = new Int32Array(text.length).fill(-1);
  // For every index: where the first bracket stands that closes one opened before it; -1 where there is none.
  const closings = new Int32Array(text.length + 1).fill(-1);
  let lineEnd = text.length;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const character = text.charAt(at);
    // Most characters are none of these, and looking them up one by one would take longer than all the rest.
    if (!SPECIAL.includes(character)) {
      closings[at] = endAt(closings, at + 1);
      continue;
    }
    if (CLOSING.has(character)) {
      closings[at] = at;
      continue;
    }
    let next = at + 1;
    const closing = OPENING[character];
    if (closing) {
      const end = endAt(closings, at + 1);
      next = end !== -1 && text[end] === closing ? end + 1 : -1;
      ends[at] = next;
    } else if (character === '#') next = lineEnd;
    else if (character === '\n') lineEnd = at;
    else next = endAt(strings, at);
    closings[at] = endAt(closings, next);
  }
  return ends;
};
