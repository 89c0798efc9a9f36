/** Turns an answer of the stage sketch into a skeleton: imports, typed signature, docstring with a plan, no body. */
import type { Problem } from '../problems/problem.ts';
import { parseSignature, signatureText } from '../python/signature.ts';
import { topLevelStatements } from '../python/statements.ts';
import { plainDocstring, problemStub } from '../python/stub.ts';
import { parseCodeBlocks } from './code-blocks.ts';
import { type Parsed, parsed, unparsed } from './parsed.ts';
import type { PromptSet } from './prompt-set.ts';
import { parseRegex } from './regex-form.ts';

type SketchedProblem = Pick<Problem, 'functionName' | 'signature' | 'docstring'>;

export const readSkeleton = (
  answer: string,
  stage: PromptSet['stages']['sketch'],
  problem: SketchedProblem,
): Parsed<string> =>
  stage.form === 'regex' ? planned(answer, stage.pattern, problem) : sketched(answer, problem);

/** The groups `arguments` and `returns` become the sections Args and Returns; each argument must be one of the signature's. */
const planned = (answer: string, pattern: string, problem: SketchedProblem): Parsed<string> => {
  const read = parseRegex(answer, pattern);
  if (!read.ok) return read;
  const lines = (read.value.arguments ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const described = lines.map((line) => line.slice(0, line.indexOf(':')));
  const signature = parseSignature(problem.signature);
  const wanted = signature.ok ? signature.value.parameters.map(({ name }) => name) : [];
  if (described.join() !== wanted.join()) return unparsed('arguments-mismatch');
  const sections = `Args:\n${lines.map((line) => `    ${line}`).join('\n')}\n\nReturns:\n    ${(read.value.returns ?? '').trim()}`;
  return parsed(problemStub({ ...problem, docstring: `${problem.docstring}\n\n${sections}` }));
};

/** Imports and the function's header and docstring; the signature must be the problem's. */
const sketched = (answer: string, problem: SketchedProblem): Parsed<string> => {
  const blocks = parseCodeBlocks(answer);
  if (!blocks.ok) return blocks;
  for (const block of blocks.value) {
    const statements = topLevelStatements(block);
    const definition = statements.findLast(
      ({ kind, name }) => kind === 'def' && name === problem.functionName,
    );
    if (!definition) continue;
    const { header = '' } = definition;
    const read = parseSignature(header);
    if (!read.ok || signatureText(read.value) !== problem.signature) return unparsed('signature-changed');
    const docstring = /^\s*[rRuU]?"""([\s\S]*?)"""/.exec(definition.text.slice(header.length))?.[1];
    if (docstring === undefined) return unparsed('docstring-missing');
    const imports = statements.filter(({ kind }) => kind === 'import').map(({ text }) => text);
    const stub = problemStub({ ...problem, docstring: dedented(docstring) });
    // What the stub imports stands in front of its docstring, which may be long.
    const head = problemStub({ ...problem, docstring: '' });
    const missing = imports.filter((line) => !head.includes(line));
    return parsed(missing.length === 0 ? stub : `${missing.join('\n')}\n\n\n${stub}`);
  }
  return unparsed('function-missing');
};

/** Takes the indentation off that all lines but the first share. */
const dedented = (docstring: string): string => {
  const [first = '', ...rest] = plainDocstring(docstring.replace(/^\n/, '')).split('\n');
  const depths = rest.filter((line) => line !== '').map((line) => line.length - line.trimStart().length);
  const least = depths.reduce((depth, next) => Math.min(depth, next), Number.POSITIVE_INFINITY);
  const depth = depths.length === 0 ? 0 : least;
  return [first, ...rest.map((line) => line.slice(depth))].join('\n');
};
