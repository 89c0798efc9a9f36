/** One line of the recorded set: a benchmark’s question, answered and tested by the model, judged by the hidden tests. */
import { askForTests } from '../../../activities/model/ask-for-tests.ts';
import type { ModelClient } from '../../../activities/model/model-request.ts';
import { stageRequest } from '../../../activities/model/model-step.ts';
import type { Executor } from '../../../activities/sandbox/executor.ts';
import { LimitsConfig } from '../../../core/config/campaign-config.ts';
import { type HumanEvalTask, humanEvalQuestion, humanEvalTests } from '../../../core/evaluation/humaneval.ts';
import type { Question } from '../../../core/evaluation/question.ts';
import type { Batch, Matrix } from '../../../core/execution/batch.ts';
import { checkedTests, echoBatch } from '../../../core/execution/check-tests.ts';
import type { Problem } from '../../../core/problems/problem.ts';
import type { PromptSet } from '../../../core/prompts/prompt-set.ts';
import { readSolution } from '../../../core/prompts/read-solution.ts';
import { plainStyle, solvePrompt } from '../../../core/prompts/solve-prompt.ts';
import { splitStub } from '../../../core/python/stub.ts';
import type { Candidate } from '../../../core/sampling/candidate.ts';
import { matrixForSelection } from '../../../core/selection/matrix-for-selection.ts';
import type { RecordedProblem } from './recorded-set.ts';

export type Recorder = {
  client: ModelClient;
  executor: Executor;
  set: PromptSet;
  /** The name under which the server offers the model. */
  model: string;
  candidates: number;
  tests: number;
};

/** Requests at once, and samples of one request. */
const WIDTH = 4;
const CHUNK = 16;
const SAMPLING = { temperature: 0.8, topP: 0.95, maxTokens: 400 };
/** Reference solutions need longer than a campaign’s limits give (FACTS: 0.951 against 0.994 on two busy cores). */
const HIDDEN_LIMITS = LimitsConfig.parse({ testTimeoutMs: 10_000, candidateTimeoutMs: 20_000 });

export const recordProblem = async (recorder: Recorder, task: HumanEvalTask): Promise<RecordedProblem> => {
  const { client, executor, set, model, tests: count } = recorder;
  const question = humanEvalQuestion(task);
  const written = await askForTests(client, {
    set,
    problem: asProblem(question),
    model,
    seed: 1,
    count,
    width: WIDTH,
  });
  const limits = LimitsConfig.parse({});
  const echoed = await executor.execute(echoBatch(question.id, question.functionName, written.tests, limits));
  const { tests } = checkedTests(written.tests, echoed);
  const candidates = await sample(recorder, question);
  const batch: Batch = {
    id: question.id,
    language: 'python',
    tests: tests.map(({ id, call, expected }) => ({ id, call, expected })),
    candidates: candidates.map(({ id, code }) => ({ id, code })),
    limits,
  };
  const matrix = await executor.execute(batch);
  const hidden = await executor.execute({
    ...batch,
    tests: humanEvalTests(task).tests,
    limits: HIDDEN_LIMITS,
  });
  return { matrix: matrixForSelection(withoutTimes(matrix), tests, candidates), right: passing(hidden) };
};

const sample = async (
  { client, set, model, candidates }: Recorder,
  question: Question,
): Promise<Candidate[]> => {
  const asked = { functionName: question.functionName, stub: question.prompt };
  const prompt = solvePrompt(set, asked, plainStyle(set));
  const sampled: Candidate[] = [];
  while (sampled.length < candidates) {
    const samples = Math.min(CHUNK, candidates - sampled.length);
    const seed = 1000 + sampled.length;
    const request = stageRequest(set, 'solve', prompt, { model, seed, samples, ...SAMPLING });
    for (const { text, tokens, perplexity, finish } of (await client.ask(request)).choices) {
      const read = readSolution(prompt.prefix + text, asked);
      sampled.push({
        id: `c${String(sampled.length + 1).padStart(4, '0')}`,
        code: read.ok ? read.value : '',
        style: 'plain',
        temperature: SAMPLING.temperature,
        seed,
        tokens,
        perplexity,
        finish,
      });
    }
  }
  return sampled;
};

/** The question’s stub in the form in which a campaign’s own problems are asked about. */
export const asProblem = ({
  functionName,
  prompt,
}: Pick<Question, 'functionName' | 'prompt'>): Pick<Problem, 'functionName' | 'signature' | 'docstring'> => {
  const signature = splitStub(prompt, functionName)?.header ?? `def ${functionName}(*arguments):`;
  const body = prompt.slice(prompt.lastIndexOf(signature) + signature.length);
  const docstring = /("""|''')([\s\S]*?)\1/.exec(body)?.[2] ?? '';
  return { functionName, signature, docstring: docstring.replace(/\n[ \t]+/g, '\n').trim() };
};

const withoutTimes = (matrix: Matrix): Matrix => ({
  ...matrix,
  candidates: matrix.candidates.map((candidate) => ({ ...candidate, durationMs: 0 })),
});

const passing = ({ candidates }: Matrix): string[] =>
  candidates
    .filter(({ outcomes }) => outcomes.length > 0 && outcomes.every((outcome) => outcome === 'pass'))
    .map(({ id }) => id);
