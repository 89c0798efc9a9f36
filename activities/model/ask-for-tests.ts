/** Asks the model for the tests of one problem and takes the answers apart into calls and claimed values. */
import type { Problem } from '../../core/problems/problem.ts';
import type { WrittenTests } from '../../core/problems/written-tests.ts';
import { problemValues } from '../../core/prompts/problem-values.ts';
import type { PromptSet } from '../../core/prompts/prompt-set.ts';
import { readTests } from '../../core/prompts/read-tests.ts';
import { renderStage } from '../../core/prompts/render.ts';
import { testRequests } from '../../core/prompts/test-requests.ts';
import { argumentOpening } from '../../core/python/argument-opening.ts';
import { parseSignature } from '../../core/python/signature.ts';
import { countReasons } from '../step.ts';
import { inParallel } from './in-parallel.ts';
import type { ModelClient } from './model-request.ts';
import { stageRequest } from './model-step.ts';

export type AskForTests = {
  set: PromptSet;
  problem: Pick<Problem, 'functionName' | 'signature' | 'docstring'>;
  model: string;
  seed: number;
  count: number;
  /** Requests at once. */
  width: number;
};

export const askForTests = async (
  client: ModelClient,
  { set, problem, model, seed, count, width }: AskForTests,
): Promise<WrittenTests> => {
  const { samples } = set.stages.tests.sampling;
  const signature = parseSignature(problem.signature);
  const opening = signature.ok ? argumentOpening(signature.value) : '';
  const asked = await inParallel(
    [...testRequests(set, count).entries()],
    width,
    async ([number, wanted], signal) => {
      const prompt = renderStage(set, 'tests', {
        ...problemValues(problem),
        ...wanted.values,
        argumentOpening: opening,
      });
      const request = stageRequest(set, 'tests', prompt, { model, seed: seed + number * samples });
      const { choices, tokens } = await client.ask(request, signal);
      const { category } = wanted;
      return {
        tokens,
        answers: choices.map(({ text }) => ({
          text: prompt.prefix + text,
          ...(category ? { category } : {}),
        })),
      };
    },
  );
  const { tests, discarded } = readTests(
    asked.flatMap(({ answers }) => answers),
    problem,
    count,
  );
  return {
    tests,
    discarded: countReasons(discarded),
    tokens: asked.reduce((sum, { tokens }) => sum + tokens, 0),
  };
};
