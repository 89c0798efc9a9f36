/** Stubs: imports, signature and docstring. Written from a problem, or taken apart where a benchmark brings its own. */
import type { Problem } from '../problems/problem.ts';
import { plainText } from '../prompts/plain-text.ts';
import { parseSignature } from './signature.ts';
import { topLevelStatements } from './statements.ts';

const INDENT = '    ';

/** The problem as a module whose function has no body yet. */
export const problemStub = ({ signature, docstring }: Pick<Problem, 'signature' | 'docstring'>): string =>
  `${typingImport(signature)}${signature}\n${docstringBlock(docstring)}`;

/** `from typing import …` for the types that need it, with the blank lines after it; empty where none does. */
const typingImport = (signature: string): string => {
  const read = parseSignature(signature);
  const names = read.ok ? read.value.typingNames : [];
  return names.length === 0 ? '' : `from typing import ${names.join(', ')}\n\n\n`;
};

/** Plain text that can stand between triple quotes: it can neither end them nor escape anything. */
export const plainDocstring = (text: string): string =>
  plainText(text)
    .replace(/\t/g, INDENT)
    .replaceAll('\\', '/')
    .replace(/"{2,}/g, '"')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();

const docstringBlock = (docstring: string): string => {
  const lines = plainDocstring(docstring).split('\n');
  if (lines.length === 1) return `${INDENT}"""${closable(lines[0] ?? '')}"""`;
  const rest = lines.slice(1).map((line) => (line === '' ? '' : `${INDENT}${line}`));
  return [`${INDENT}"""${lines[0]}`, ...rest, `${INDENT}"""`].join('\n');
};

/** A quote mark at the end would merge with the closing ones. */
const closable = (line: string): string => (line.endsWith('"') ? `${line} ` : line);

export type StubParts = {
  /** Everything before the function: imports and helpers, with a line break at its end; may be empty. */
  preamble: string;
  /** The def line or lines up to the colon, without a line break at its end. */
  header: string;
};

/** Takes a stub apart at the last function of that name; undefined where it has none. */
export const splitStub = (stub: string, functionName: string): StubParts | undefined => {
  const statements = topLevelStatements(stub);
  const index = statements.findLastIndex(({ kind, name }) => kind === 'def' && name === functionName);
  const found = statements[index];
  if (!found?.header) return undefined;
  return { preamble: stub.slice(0, found.start), header: found.header };
};
