/** Turns an answer of the stage solve into a Python module: imports, helpers and the function asked for. */
import { type Statement, topLevelStatements } from '../python/statements.ts';
import { splitStub } from '../python/stub.ts';
import { parseCodeBlocks } from './code-blocks.ts';
import { type Parsed, parsed, unparsed } from './parsed.ts';

/**
 * Reads the first block that defines the function. Calls, prints and `if __name__` at the top level are left
 * out; imports and helpers of the stub are put in front where the answer lacks them.
 */
export const readSolution = (
  answer: string,
  { functionName, stub }: { functionName: string; stub: string },
): Parsed<string> => {
  const blocks = parseCodeBlocks(answer);
  if (!blocks.ok) return blocks;
  const modules = blocks.value.map(topLevelStatements);
  const isAskedFor = ({ kind, name }: Statement) => kind === 'def' && name === functionName;
  const module = modules.find((statements) => statements.some(isAskedFor));
  if (!module) return unparsed('function-missing');
  const definition = module.findLast(isAskedFor);
  if (!definition || !hasBody(definition)) return unparsed('function-without-body');
  const kept = module.filter(({ kind }) => kind !== 'other');
  const preamble = topLevelStatements(splitStub(stub, functionName)?.preamble ?? '');
  const names = new Set(kept.map(({ name }) => name));
  const texts = new Set(kept.map(({ text }) => text));
  const missing = preamble.filter(
    ({ name, text }) => !(name === undefined ? texts.has(text) : names.has(name)),
  );
  return parsed(joined([...missing, ...kept]));
};

/** Imports stand line by line, everything else two lines apart. */
const joined = (statements: readonly Statement[]): string =>
  statements
    .map(({ text, kind }, index) => {
      const previous = statements[index - 1];
      if (!previous) return text;
      return (kind === 'import' && previous.kind === 'import' ? '\n' : '\n\n\n') + text;
    })
    .join('');

/** Whether anything stands after the def line but a docstring, comments, `pass` and `...`. */
const hasBody = ({ body }: Statement): boolean => {
  if (body === undefined) return false;
  const code = body.replace(/^\s*(?:[rRuU]?"""[\s\S]*?"""|'''[\s\S]*?'''|"[^"\n]*"|'[^'\n]*')/, '');
  return code.split('\n').some((line) => !/^(?:#.*|pass|\.\.\.)?$/.test(line.trim()));
};
