/** Cuts a module into its top-level statements, by brackets, strings and indentation alone: nothing is run. */
import { bracketEnd, bracketEnds, commentEnd, stringEnds } from './scan.ts';

export type StatementKind = 'import' | 'def' | 'class' | 'assignment' | 'try' | 'other';

export type Statement = {
  kind: StatementKind;
  /** Name of a function or class. */
  name?: string;
  /** A function's def line or lines up to the colon. */
  header?: string;
  /** What stands behind that colon. */
  body?: string;
  start: number;
  text: string;
};

/** Comments between statements belong to none and are left out. */
export const topLevelStatements = (module: string): Statement[] => {
  const statements: Statement[] = [];
  let start: number | undefined;
  const close = (end: number) => {
    if (start === undefined) return;
    const text = module.slice(start, end).trimEnd();
    statements.push({ ...describe(text), start, text });
    start = undefined;
  };
  const logicalLineEnd = logicalLinesOf(module);
  let at = 0;
  let decorated = false;
  while (at < module.length) {
    const line = module.slice(at, commentEnd(module, at));
    const isBlank = line.trim() === '';
    const isIndented = /^\s/.test(line);
    const isContinuation = /^(?:else|elif|except|finally)\b/.test(line) || decorated;
    if (!isBlank && !isIndented && !isContinuation) {
      close(at);
      if (!line.startsWith('#')) start = at;
    } else if (!isBlank && start === undefined) start = at;
    if (!isBlank) decorated = line.startsWith('@');
    at = logicalLineEnd(at);
  }
  close(module.length);
  return statements;
};

/**
 * Tells, for the start of a logical line, the index after its line break: brackets and strings may span lines. Where
 * one of these never ends, only its first character is passed over: the text is broken anyway.
 */
const logicalLinesOf = (text: string): ((start: number) => number) => {
  // Found once for all lines: a search from each bracket that never closes would run to the end of the text every time.
  const strings = stringEnds(text);
  const brackets = bracketEnds(text, strings);
  const spanEnd = (ends: Int32Array, at: number): number => {
    const end = ends[at] ?? -1;
    return end === -1 ? at + 1 : end;
  };
  return (start) => {
    let at = start;
    while (at < text.length) {
      const character = text.charAt(at);
      if (character === '\n') return at + 1;
      if (character === '#') at = commentEnd(text, at);
      else if (character === '\\') at += 2;
      else if (character === '"' || character === "'") at = spanEnd(strings, at);
      else if ('([{'.includes(character)) at = spanEnd(brackets, at);
      else at += 1;
    }
    return text.length;
  };
};

const describe = (text: string): Omit<Statement, 'start' | 'text'> => {
  const body = withoutDecorators(text);
  const definition = /^(?:async\s+)?def\s+(\w+)\s*\(/.exec(body);
  if (definition) {
    const header = headerOf(body, definition[0].length - 1);
    return {
      kind: 'def',
      ...(definition[1] ? { name: definition[1] } : {}),
      ...(header ? { header, body: body.slice(header.length) } : {}),
    };
  }
  const type = /^class\s+(\w+)/.exec(body);
  if (type) return { kind: 'class', ...(type[1] ? { name: type[1] } : {}) };
  if (/^(?:import|from)\s/.test(body)) return { kind: 'import' };
  if (/^try\s*:/.test(body)) return { kind: 'try' };
  if (/^[A-Za-z_]\w*\s*(?::[^=\n]+)?=(?!=)/.test(body)) return { kind: 'assignment' };
  return { kind: 'other' };
};

const withoutDecorators = (text: string): string => {
  if (!text.startsWith('@')) return text;
  const logicalLineEnd = logicalLinesOf(text);
  let at = 0;
  while (text[at] === '@') at = logicalLineEnd(at);
  return text.slice(at);
};

const headerOf = (definition: string, parenthesis: number): string | undefined => {
  const end = bracketEnd(definition, parenthesis);
  if (end === -1) return undefined;
  const rest = /^[^\n:]*:/.exec(definition.slice(end));
  return rest ? definition.slice(0, end) + rest[0] : undefined;
};
