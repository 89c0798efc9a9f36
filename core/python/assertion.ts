/** Takes an assert apart into the call and the value that the model claims for it. */
import { type Parsed, parsed, unparsed } from '../prompts/parsed.ts';
import { literalEnd } from './literal.ts';
import { bracketEnd } from './scan.ts';

export type Assertion = { call: string; expected: string };

/** Longer calls are no tests that a person could read. */
const MAXIMUM_LENGTH = 2000;

/**
 * Reads `assert f(…) == literal`, `is literal`, `assert f(…)` and `assert not f(…)`, with or without a message.
 * The arguments may be any balanced expression; the sandbox finds out whether they run.
 */
export const parseAssertion = (statement: string, functionName: string): Parsed<Assertion> => {
  const text = statement.trim();
  if (text.length > MAXIMUM_LENGTH) return unparsed('assert-too-long');
  const head = /^assert\s+(not\s+)?([A-Za-z_]\w*)\(/.exec(text);
  if (!head) return unparsed('not-an-assert-of-a-call');
  if (head[2] !== functionName) return unparsed('assert-of-another-function');
  const open = head[0].length - 1;
  const end = bracketEnd(text, open);
  if (end === -1) return unparsed('assert-incomplete');
  const call = oneLine(text.slice(open - functionName.length, end));
  const rest = text.slice(end);
  const negated = head[1] !== undefined;
  if (isEndOrMessage(rest)) return parsed({ call, expected: negated ? 'False' : 'True' });
  const comparison = /^\s*(?:==|is(?!\s+not\b))\s*/.exec(rest);
  if (!comparison || negated) return unparsed('assert-of-another-form');
  const valueStart = comparison[0].length;
  const valueEnd = literalEnd(rest, valueStart);
  if (valueEnd === -1 || !isEndOrMessage(rest.slice(valueEnd))) return unparsed('expected-not-a-literal');
  return parsed({ call, expected: oneLine(rest.slice(valueStart, valueEnd)) });
};

/** Nothing more, a comment, or a message. */
const isEndOrMessage = (rest: string): boolean => /^\s*(?:#[^\n]*|,\s*(?:\S[^\n]*)?)?$/.test(rest);

/** Line breaks within brackets mean nothing to Python; within strings there are none (but for triple quotes). */
const oneLine = (text: string): string =>
  text.includes('"""') || text.includes("'''")
    ? text
    : text.replace(/\s+/g, (blanks) => (blanks.includes('\n') ? ' ' : blanks));
