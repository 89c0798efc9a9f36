/**
 * Recognises programs that do nothing. It decides about refusing a consensus, never about running anything, and
 * where it is unsure it takes a program for one that does something.
 */
import { type LogicalLine, logicalLines } from '../python/logical-lines.ts';

/** Statements with which a skeleton stands in for a body. */
const PLACEHOLDER = /^(pass|\.\.\.|return|return None|raise NotImplementedError(\(.*\))?)$/;
const DOCSTRING = /^(?:[rbuf]{0,2}''\s*)+$/i;
const HEADER = /^(?:async\s+)?(?:def|class)\b/;
const FUNCTION = /^(?:async\s+)?def\s+(\w+)/;
/** Lines that bind names, and give nothing back. */
const HARMLESS = /^(?:import|from)\b|^@/;
/** With these a program may put another function in the place of one that is empty. */
const REACHES_NAMES = /\b(?:exec|eval|globals|vars|setattr)\b/;

/**
 * Whether the `called` functions have nothing but docstrings, placeholders and helpers for a body, whatever the module
 * holds beside them. Where it cannot be told which functions answer, or none is named: whether all the module's do.
 */
export const doesNothing = (code: string, called: readonly string[] = []): boolean => {
  const lines = logicalLines(code)?.flatMap(statementsOf);
  if (!lines) return false;
  const bodies = called.map((name) => bodyOf(name, lines));
  const known = bodies.filter((body) => body !== undefined);
  if (known.length > 0 && known.length === bodies.length) return known.every(isEmptyBody);
  return lines.some(({ text }) => FUNCTION.test(text)) && lines.every(({ text }) => isNothing(text));
};

const isPlaceholder = (text: string): boolean => PLACEHOLDER.test(text) || DOCSTRING.test(text);

const isNothing = (text: string): boolean => isPlaceholder(text) || HARMLESS.test(text) || HEADER.test(text);

/** What stands behind a header's colon comes on a line of its own, and so does what stands behind a semicolon. */
const statementsOf = ({ indent, text }: LogicalLine): LogicalLine[] => {
  const end = HEADER.test(text) ? headerEnd(text) : 0;
  const inside = end === 0 ? indent : indent + 1;
  const parts = text.slice(end).split(';');
  return [
    ...(end === 0 ? [] : [{ indent, text: text.slice(0, end) }]),
    ...parts.flatMap((part) => (part.trim() === '' ? [] : [{ indent: inside, text: part.trim() }])),
  ];
};

/** The index after the colon that ends a header: the first outside of brackets. */
const headerEnd = (text: string): number => {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (character === ':' && depth === 0) return at + 1;
  }
  return text.length;
};

/** The body of the module's last function of that name; undefined where something else may answer in its place. */
const bodyOf = (name: string, lines: readonly LogicalLine[]): LogicalLine[] | undefined => {
  const header = lines.findLastIndex(({ indent, text }) => indent === 0 && FUNCTION.exec(text)?.[1] === name);
  if (header < 0 || lines[header - 1]?.text.startsWith('@')) return undefined;
  const after = lines.findIndex(({ indent }, index) => index > header && indent === 0);
  const end = after < 0 ? lines.length : after;
  const others = [...lines.slice(0, header), ...lines.slice(end)];
  return others.some((line) => mayRebind(name, line)) ? undefined : lines.slice(header + 1, end);
};

/** Any other mention but a call of it, or an earlier function of that name, may put something in its place. */
const mayRebind = (name: string, { indent, text }: LogicalLine): boolean =>
  REACHES_NAMES.test(text) ||
  (FUNCTION.exec(text)?.[1] === name ? indent > 0 : new RegExp(`\\b${name}\\b(?!\\s*\\()`).test(text));

/** What belongs to a function or class within the body is indented deeper, and not run by standing there. */
const isEmptyBody = (body: readonly LogicalLine[]): boolean => {
  const indent = body[0]?.indent;
  let isInside = false;
  return body.every((line) => {
    if (isInside && line.indent !== indent) return true;
    isInside = HEADER.test(line.text);
    return isNothing(line.text);
  });
};
