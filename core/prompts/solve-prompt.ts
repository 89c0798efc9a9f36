/** How a solution is asked for, in one place: candidates, benchmarks and the training data share it. */
import { splitStub } from '../python/stub.ts';
import type { PromptSet } from './prompt-set.ts';
import { type RenderedPrompt, renderStage } from './render.ts';

export type SolveQuestion = {
  functionName: string;
  /** Imports and helpers, signature and docstring. */
  stub: string;
};

/** The style in which nothing particular is asked for. */
export const plainStyle = (set: PromptSet): string => set.stages.solve.styles[0]?.text ?? '';

export const solvePrompt = (set: PromptSet, question: SolveQuestion, style: string): RenderedPrompt => {
  const header = splitStub(question.stub, question.functionName)?.header ?? '';
  return renderStage(set, 'solve', {
    functionName: question.functionName,
    signature: header,
    parameters: header.slice(Math.max(0, header.indexOf('('))),
    sentence: '',
    docstring: '',
    description: '',
    stub: question.stub.trimEnd(),
    style,
  });
};
