/**
 * A program as its tokens without what means nothing to Python: comments, docstrings, imports and type hints of
 * the header go, layout becomes block marks, and names that the program binds itself are numbered. Programs with
 * equal tokens have equal syntax trees but for those names.
 */
import { stringEnds } from './scan.ts';

const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /(?:0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)[jJ]?/y;
const OPERATOR = /\*\*=|\/\/=|>>=|<<=|->|:=|==|!=|<=|>=|\*\*|\/\/|>>|<<|[+\-*/%@&|^]=|[^\s\w]/y;
const PREFIX = /^(?:[rbuf]|[rb]{2}|[rf]{2})$/i;

/** What the language and its usual names mean stays as it is. */
const RESERVED = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield match case ' +
    'abs all any bool bytes chr dict divmod enumerate filter float frozenset int isinstance len list map max min ' +
    'next ord pow print range reversed round set sorted str sum tuple zip'
  ).split(' '),
);

type Line = { indent: number; tokens: string[] };

export const normalisedProgram = (code: string): string[] => {
  const names = new Map<string, string>();
  const rename = (token: string, before: string | undefined): string => {
    if (!/^[A-Za-z_]/.test(token) || RESERVED.has(token) || before === '.') return token;
    const known = names.get(token) ?? `n${names.size}`;
    names.set(token, known);
    return known;
  };
  const result: string[] = [];
  const indents = [0];
  for (const { indent, tokens } of logicalLines(code)) {
    if (tokens[0] === 'import' || tokens[0] === 'from' || isText(tokens)) continue;
    while (indent < (indents.at(-1) ?? 0)) {
      indents.pop();
      result.push('}');
    }
    if (indent > (indents.at(-1) ?? 0)) {
      indents.push(indent);
      result.push('{');
    }
    const kept = tokens[0] === 'def' ? withoutHints(tokens) : tokens;
    kept.forEach((token, at) => {
      result.push(rename(token, kept[at - 1]));
    });
    result.push(';');
  }
  return result;
};

/** A line that is nothing but strings: a docstring, or a comment in disguise. */
const isText = (tokens: readonly string[]): boolean => tokens.every((token) => /^[rbuf]*["']/i.test(token));

/** `def f(a: int = 1) -> int:` as `def f(a = 1):`. */
const withoutHints = (tokens: readonly string[]): string[] => {
  const kept: string[] = [];
  let depth = 0;
  let skipping = false;
  for (const [at, token] of tokens.entries()) {
    if ('([{'.includes(token)) depth += 1;
    if (')]}'.includes(token)) depth -= 1;
    const isLast = at === tokens.length - 1;
    if (token === '->' && depth === 0) skipping = true;
    else if (token === ':' && depth === 1) skipping = true;
    else if (skipping && ((depth === 1 && (token === ',' || token === '=')) || depth === 0)) {
      skipping = depth === 0 && token !== ':' && token !== ')';
    }
    if (!skipping || (isLast && token === ':')) kept.push(token);
  }
  return kept;
};

const logicalLines = (code: string): Line[] => {
  const lines: Line[] = [];
  const strings = stringEnds(code);
  let line: Line = { indent: 0, tokens: [] };
  let depth = 0;
  let indent = 0;
  let atStart = true;
  const end = (): void => {
    if (line.tokens.length > 0) lines.push(line);
    line = { indent: 0, tokens: [] };
  };
  const take = (pattern: RegExp, at: number): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(code)?.[0];
  };
  for (let at = 0; at < code.length; ) {
    const character = code.charAt(at);
    if (character === '\n') {
      if (depth === 0) end();
      atStart = depth === 0;
      indent = 0;
      at += 1;
    } else if (/\s/.test(character)) {
      if (atStart) indent += character === '\t' ? 8 : 1;
      at += 1;
    } else if (character === '#') {
      const next = code.indexOf('\n', at);
      at = next === -1 ? code.length : next;
    } else if (character === '\\' && code.charAt(at + 1) === '\n') {
      at += 2;
    } else {
      if (line.tokens.length === 0) line.indent = indent;
      atStart = false;
      const name = take(NAME, at);
      const quote = at + (name?.length ?? 0);
      const isString = /["']/.test(code.charAt(quote)) && (name === undefined || PREFIX.test(name));
      const closing = isString ? (strings[quote] ?? -1) : -1;
      const token =
        closing !== -1
          ? code.slice(at, closing)
          : (name ?? take(NUMBER, at) ?? take(OPERATOR, at) ?? character);
      if ('([{'.includes(token)) depth += 1;
      if (')]}'.includes(token)) depth = Math.max(0, depth - 1);
      line.tokens.push(token);
      at += token.length;
    }
  }
  end();
  return lines;
};
