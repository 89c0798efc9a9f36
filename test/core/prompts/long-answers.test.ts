/**
 * A model that repeats itself up to its token limit must not hold up a worker. Nothing is timed here: a reader that
 * looks through the rest of an answer from each of its pieces does not come to the end of this file.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { readJudgeAnswer } from '../../../core/judging/judge-answer.ts';
import { asCode, asLine, asQuote } from '../../../core/prompts/neutralise.ts';
import type { PromptSet } from '../../../core/prompts/prompt-set.ts';
import { readProblem } from '../../../core/prompts/read-problem.ts';
import { readSkeleton } from '../../../core/prompts/read-skeleton.ts';
import { readSolution } from '../../../core/prompts/read-solution.ts';
import { readTests } from '../../../core/prompts/read-tests.ts';
import { isLiteral } from '../../../core/python/literal.ts';
import { normalisedProgram } from '../../../core/python/normalised-program.ts';
import { problemStub } from '../../../core/python/stub.ts';
import { doesNothing } from '../../../core/selection/does-nothing.ts';
import { canonicalLiteral } from '../../../core/values/canonical-literal.ts';
import { loadPromptSet } from '../../../infra/prompts/load-prompt-set.ts';

const LENGTH = 100_000;

const problem = {
  functionName: 'f',
  signature: 'def f(x: int) -> int:',
  docstring: 'Return the number that follows x.',
};
const stub = problemStub(problem);

let paper: PromptSet;
let small: PromptSet;
beforeAll(async () => {
  paper = await loadPromptSet('paper');
  small = await loadPromptSet('small');
});

/** Every other token could be the score. */
const judged = (text: string) => {
  const positions = (text.match(/[\s\S]{1,32}/g) ?? []).flatMap((token) => [
    { token, top: [] },
    { token: '4', top: [] },
  ]);
  return readJudgeAnswer({ text, positions }, { form: 'json-schema', scale: { 3: 0, 4: 1 } });
};

const READERS: Record<string, (text: string) => unknown> = {
  'a problem as JSON': (text) => readProblem(text, paper.stages.propose),
  'a problem by a pattern': (text) => readProblem(text, small.stages.propose),
  'a skeleton in code blocks': (text) => readSkeleton(text, paper.stages.sketch, problem),
  'a skeleton by a pattern': (text) => readSkeleton(text, small.stages.sketch, problem),
  tests: (text) => readTests([{ text }], problem, 20),
  'a solution': (text) => readSolution(text, { functionName: 'f', stub }),
  'a judge’s answer': judged,
  'a docstring': (docstring) => problemStub({ ...problem, docstring }),
  'text for another prompt': (text) => [asCode(text), asLine(text), asQuote(text)],
  'a program for comparison': normalisedProgram,
  'a program that may do nothing': (text) => doesNothing(text, ['f']),
  'whether a text is a literal': isLiteral,
  'the value of a literal': canonicalLiteral,
};

const PIECES = [
  ...['(', '[', '{', '("\n', '"', "'", '"""', "'''", '\\', '\\"', '#', '""', 'f"{'],
  ...['\n', ' ', '\t', '\r', '```', '```json\n', '~~~', '@', 'lambda:', ':', ',', '1', 'é😀'],
  ...['def f(', 'assert f(', 'return ', 'if x:\n ', 'import x\n', '"score":'],
];
/** What stands around the pieces: a pattern that has taken in all of them goes back over them where the end is another. */
const AROUND = [
  ['', ' x`'],
  ['```json\n', '\n```'],
  ['```python\ndef f(x: int) -> int:\n    ', ' x'],
] as const;

describe('an answer that repeats one piece up to its limit', () => {
  it.each(Object.entries(READERS))('is read to its end: %s', (_, read) => {
    for (const piece of PIECES) {
      const repeated = piece.repeat(Math.ceil(LENGTH / piece.length));
      for (const [beginning, ending] of AROUND) {
        expect(() => read(beginning + repeated + ending)).not.toThrow();
      }
    }
  });
});
