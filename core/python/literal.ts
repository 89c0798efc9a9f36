/**
 * Recognises Python literals as docs/contracts.md means them: what `ast.literal_eval` reads, with nan and inf,
 * `set()` and `frozenset({…})`. Recognised only: what a literal is worth is decided beside the sandbox.
 */
import { stringEnd } from './scan.ts';

/** Digits can be read in one way only, here and below: two ways each would make a long number that ends badly quadratic. */
const NUMBER =
  /(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?)(?![\w.])/y;
const WORD = /(?:True|False|None|nan|inf)(?!\w)/y;
const CALL =
  /(?:float\(\s*(?:'[+-]?(?:nan|inf)'|"[+-]?(?:nan|inf)")\s*\)|set\(\s*\)|frozenset\(\s*\))(?!\w)/y;
const FROZENSET = /frozenset\(\s*/y;
const STRING = /(?:[rR]?[bB]|[bB][rR]|[rRuU])?(?=["'])/y;
const SPACE = /\s*/y;
/** Deeper nesting is an output-limit in the sandbox as well. */
const MAXIMUM_DEPTH = 100;

const match = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
};

const skipSpace = (text: string, at: number): number => match(SPACE, text, at);

/** The index after the literal at `start`, or -1 where there is none. */
export const literalEnd = (text: string, start: number, depth = 0): number => {
  if (depth > MAXIMUM_DEPTH) return -1;
  const signs = /[+-]?\s*/y;
  const unsigned = match(signs, text, start);
  const number = match(NUMBER, text, unsigned);
  if (number !== -1) return complexEnd(text, number);
  const word = match(WORD, text, unsigned);
  if (word !== -1) return unsigned === start || /[ni]/.test(text.charAt(unsigned)) ? word : -1;
  if (unsigned !== start) return -1;
  const call = match(CALL, text, start);
  if (call !== -1) return call;
  const frozen = match(FROZENSET, text, start);
  if (frozen !== -1) {
    const inner = literalEnd(text, frozen, depth + 1);
    const close = inner === -1 ? -1 : skipSpace(text, inner);
    return text[close] === ')' ? close + 1 : -1;
  }
  const quote = match(STRING, text, start);
  if (quote !== -1) return joinedStringEnd(text, quote);
  return containerEnd(text, start, depth);
};

/** `1+2j`: the imaginary part belongs to the literal. */
const complexEnd = (text: string, end: number): number => {
  const imaginary = match(/\s*[+-]\s*(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[jJ](?!\w)/y, text, end);
  return imaginary === -1 ? end : imaginary;
};

/** Adjacent strings are one literal, however many. */
const joinedStringEnd = (text: string, quote: number): number => {
  let end = -1;
  for (let next = quote; next !== -1; next = match(STRING, text, skipSpace(text, end))) {
    end = stringEnd(text, next);
    if (end === -1) return -1;
  }
  return end;
};

const containerEnd = (text: string, start: number, depth: number): number => {
  const opening = text.charAt(start);
  const closing = { '[': ']', '(': ')', '{': '}' }[opening];
  if (!closing) return -1;
  let at = skipSpace(text, start + 1);
  if (text[at] === closing) return at + 1;
  let pairs: boolean | undefined;
  for (;;) {
    at = literalEnd(text, at, depth + 1);
    if (at === -1) return -1;
    at = skipSpace(text, at);
    if (opening === '{') {
      const isPair = text[at] === ':';
      if (pairs !== undefined && pairs !== isPair) return -1;
      pairs = isPair;
      if (isPair) {
        at = literalEnd(text, skipSpace(text, at + 1), depth + 1);
        if (at === -1) return -1;
        at = skipSpace(text, at);
      }
    }
    if (text[at] === closing) return at + 1;
    if (text[at] !== ',') return -1;
    at = skipSpace(text, at + 1);
    if (text[at] === closing) return at + 1;
  }
};

/** Whether the whole text is one literal. */
export const isLiteral = (text: string): boolean => {
  const trimmed = text.trim();
  return trimmed !== '' && literalEnd(trimmed, 0) === trimmed.length;
};
