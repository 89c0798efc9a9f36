/** A module as the lines that Python sees: what brackets, backslashes and strings join is one. */
import { commentEnd, stringEnd } from './scan.ts';

/** `text` without comments, and with '' in the place of every string, so that nothing in one looks like code. */
export type LogicalLine = { indent: number; text: string };

/** What stands for a string. */
const EMPTY_STRING = "''";
const TAB = 8;
/** Characters that end neither a line nor its plain part. */
const PLAIN = /[^"'#\\()[\]{}\n]+/y;

/** One pass, however the text is broken. Undefined where a string or a bracket does not end: Python reads no such module. */
export const logicalLines = (code: string): LogicalLine[] | undefined => {
  const lines: LogicalLine[] = [];
  let text = '';
  let indent = 0;
  let depth = 0;
  const endLine = () => {
    if (text.trim() !== '') lines.push({ indent, text: text.trim() });
    text = '';
    indent = 0;
  };
  for (let at = 0; at < code.length; ) {
    const character = code.charAt(at);
    if (character === '"' || character === "'") {
      const end = stringEnd(code, at);
      if (end === -1) return undefined;
      text += EMPTY_STRING;
      at = end;
      continue;
    }
    if (character === '#') {
      at = commentEnd(code, at);
      continue;
    }
    if (character === '\\' && code.charAt(at + 1) === '\n') {
      text += ' ';
      at += 2;
      continue;
    }
    PLAIN.lastIndex = at;
    const plain = PLAIN.exec(code)?.[0];
    if (plain !== undefined) {
      const begins = text === '' ? plain.search(/\S|$/) : 0;
      for (const space of plain.slice(0, begins)) indent += space === '\t' ? TAB : 1;
      text += plain.slice(begins);
      at += plain.length;
      continue;
    }
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth < 0) return undefined;
    if (character === '\n' && depth === 0) endLine();
    else text += character === '\n' ? ' ' : character;
    at += 1;
  }
  if (depth > 0) return undefined;
  endLine();
  return lines;
};
