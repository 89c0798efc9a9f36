/** A pair as the model is trained on it: asked as candidates and benchmarks are asked, answered with the code. */
import type { ChatMessage } from '../dataset/dataset-row.ts';
import type { Problem } from '../problems/problem.ts';
import { problemStub } from '../python/stub.ts';
import { asCode } from './neutralise.ts';
import type { PromptSet } from './prompt-set.ts';
import { plainStyle, solvePrompt } from './solve-prompt.ts';

/** One pair as a chat: the question as a benchmark would ask it, and the code as the answer. */
export const trainingMessages = (
  set: PromptSet,
  problem: Pick<Problem, 'functionName' | 'signature' | 'docstring'>,
  code: string,
): ChatMessage[] => {
  const question = { functionName: problem.functionName, stub: problemStub(problem) };
  const prompt = solvePrompt(set, question, plainStyle(set));
  const asked: ChatMessage[] =
    prompt.ask === 'chat'
      ? prompt.messages.filter(({ role }) => role !== 'assistant')
      : [{ role: 'user', content: prompt.prompt }];
  return [...asked, { role: 'assistant', content: `\`\`\`python\n${asCode(code).trim()}\n\`\`\`` }];
};
