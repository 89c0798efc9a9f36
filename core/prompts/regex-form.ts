/** The form `regex`: one pattern that the server is constrained by and that reads the answer. */
import { type Parsed, parsed, unparsed } from './parsed.ts';

/** The pattern as servers take it: groups without names. */
export const patternForServer = (pattern: string): string => pattern.replace(/\(\?<[A-Za-z_]\w*>/g, '(');

/** The named groups of a whole answer. */
export const parseRegex = (answer: string, pattern: string): Parsed<Record<string, string>> => {
  const match = new RegExp(`^(?:${pattern})$`, 'u').exec(answer);
  if (!match) return unparsed(answer.trim() === '' ? 'empty-answer' : 'pattern-mismatch');
  const groups = Object.entries(match.groups ?? {}).filter(([, value]) => value !== undefined);
  return parsed(Object.fromEntries(groups));
};
