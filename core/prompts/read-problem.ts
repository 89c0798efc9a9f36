/** Turns an answer of the stages propose and refine into a problem. */
import { z } from 'zod';
import type { Problem } from '../problems/problem.ts';
import { parseSignature, signatureText } from '../python/signature.ts';
import { plainDocstring } from '../python/stub.ts';
import { parseJsonForm } from './json-form.ts';
import { type Parsed, parsed, unparsed } from './parsed.ts';
import type { PromptSet } from './prompt-set.ts';
import { parseRegex } from './regex-form.ts';

/** The paper's template of a problem. */
export const ProposedProblem = z.strictObject({
  title: z.string().min(1).max(200),
  description: z.string().min(1).max(4000),
  signature: z.string().min(1).max(400).describe('def name(argument: type, ...) -> type:'),
  example: z.string().max(1000).describe('One call and its value.'),
  hint: z.string().max(500).describe('One sentence.'),
});
export type ProposedProblem = z.infer<typeof ProposedProblem>;

export type ProblemText = Pick<Problem, 'functionName' | 'signature' | 'docstring'>;

/** Shorter ones say nothing. */
const MINIMUM_DOCSTRING = 12;

export const readProblem = (answer: string, stage: PromptSet['stages']['propose']): Parsed<ProblemText> => {
  if (stage.form === 'json-schema') {
    const read = parseJsonForm(answer, ProposedProblem);
    return read.ok ? problemText(read.value.signature, documentation(read.value)) : read;
  }
  const read = parseRegex(answer, stage.pattern);
  return read.ok ? problemText(read.value.signature ?? '', read.value.docstring ?? '') : read;
};

const documentation = ({ title, description, example, hint }: ProposedProblem): string =>
  [
    `${title.trim()}\n\n${description.trim()}`,
    example.trim() && `Example:\n${example.trim()}`,
    hint.trim() && `Hint: ${hint.trim()}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');

const problemText = (signature: string, documentation: string): Parsed<ProblemText> => {
  const read = parseSignature(signature.trim().endsWith(':') ? signature : `${signature.trim()}:`);
  if (!read.ok) return read;
  if (read.value.parameters.length === 0) return unparsed('no-parameters');
  const docstring = plainDocstring(documentation);
  if (docstring.length < MINIMUM_DOCSTRING) return unparsed('docstring-too-short');
  return parsed({ functionName: read.value.functionName, signature: signatureText(read.value), docstring });
};
