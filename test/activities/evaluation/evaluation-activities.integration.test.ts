import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEvaluationActivities } from '../../../activities/evaluation/evaluation-activities.ts';
import type { ObjectStore } from '../../../activities/store/object-store.ts';
import { HeldoutDocument } from '../../../core/evaluation/heldout.ts';
import { Question, QuestionTests } from '../../../core/evaluation/question.ts';
import { ScoredAnswer } from '../../../core/evaluation/score.ts';
import { layout } from '../../../core/layout.ts';
import { storeSolvedProblem } from '../../support/campaign-objects.ts';
import { testStore } from '../../support/store.ts';

let store: ObjectStore;
let prefix: string;
let folder: string;
beforeAll(async () => {
  ({ store, prefix } = await testStore());
  folder = await mkdtemp(join(tmpdir(), 'ucoder-evaluation-'));
});
afterAll(() => rm(folder, { recursive: true }));

const at = (campaignId: string, iteration: number) => ({ campaignId, iteration, seed: 3 });

describe('prepareHeldout', () => {
  /** Ten problems; all but the last two have a consensus, and the first answers nothing that can be a test. */
  const storeIteration = async (campaignId: string) => {
    const ids = Array.from({ length: 10 }, (_, i) => `p${String(i + 1).padStart(4, '0')}`);
    const selections = [];
    for (const [index, problemId] of ids.entries()) {
      const outputs: [string | null, string | null] = index === 0 ? [null, null] : ['1', null];
      await storeSolvedProblem(store, campaignId, 1, problemId, [{ outputs }, { outputs }]);
      selections.push({ problemId, id: problemId, selected: index < 8 ? 'c0001' : null });
    }
    await store.putJsonLines(layout.selections({ campaignId }, 1), selections);
  };

  it('holds out the share, with what the selected candidate answered as tests', async () => {
    const campaignId = `${prefix}-heldout`;
    await storeIteration(campaignId);
    const { prepareHeldout } = createEvaluationActivities({ store, benchmarks: {} });
    const result = await prepareHeldout({ ...at(campaignId, 1), share: 0.4 });
    expect(result).toEqual({ heldout: 3, training: 5, seconds: expect.any(Number) });
    const { problems } = await store.readJson(
      layout.work({ campaignId }, 1, 'heldout.json'),
      HeldoutDocument,
    );
    const questions = await store.readJsonLines(
      layout.work({ campaignId }, 1, 'questions', 'heldout.jsonl'),
      Question,
    );
    const tests = await store.readJsonLines(
      layout.work({ campaignId }, 1, 'question-tests', 'heldout.jsonl'),
      QuestionTests,
    );
    const ids = problems.map(({ id }) => id);
    expect(ids).not.toContain('p0001');
    expect(questions.map(({ id }) => id)).toEqual(ids);
    expect(tests.map(({ id }) => id)).toEqual(ids);
    const [question] = questions;
    const [first] = tests;
    expect(question?.prompt).toBe(
      `from typing import List\n\n\ndef ${question?.functionName}(numbers: List[int]) -> int:\n    """Return the sum of all numbers,\n    doubled.\n    """\n`,
    );
    expect(first?.tests).toEqual([{ id: 't001', call: `${question?.functionName}([0, 1])`, expected: '1' }]);
  });

  it('answers the same when it runs again', async () => {
    const campaignId = `${prefix}-again`;
    await storeIteration(campaignId);
    const { prepareHeldout } = createEvaluationActivities({ store, benchmarks: {} });
    const first = await prepareHeldout({ ...at(campaignId, 1), share: 0.2 });
    expect(await prepareHeldout({ ...at(campaignId, 1), share: 0.5 })).toEqual({
      ...first,
      seconds: expect.any(Number),
    });
  });

  it('holds out nothing of a single problem', async () => {
    const campaignId = `${prefix}-single`;
    await storeSolvedProblem(store, campaignId, 1, 'p0001', [{ outputs: ['1', '2'] }]);
    await store.putJsonLines(layout.selections({ campaignId }, 1), [
      { problemId: 'p0001', selected: 'c0001' },
    ]);
    const { prepareHeldout } = createEvaluationActivities({ store, benchmarks: {} });
    expect(await prepareHeldout({ ...at(campaignId, 1), share: 0.9 })).toEqual({
      heldout: 0,
      training: 1,
      seconds: expect.any(Number),
    });
  });
});

describe('prepareBenchmark', () => {
  const task = (n: number) => ({
    task_id: `HumanEval/${n}`,
    prompt: `def f${n}(x):\n    """Return x."""\n`,
    entry_point: `f${n}`,
    canonical_solution: '    return x\n',
    test: 'def check(candidate):\n    assert candidate(1) == 1\n',
  });

  it.each([
    ['plain', (text: string) => text],
    ['gzipped', (text: string) => gzipSync(text)],
  ])('lays out the first questions of a %s file', async (kind, encode) => {
    const path = join(folder, `HumanEval-${kind}`);
    await writeFile(path, encode([0, 1, 2].map((n) => `${JSON.stringify(task(n))}\n`).join('')));
    const campaignId = `${prefix}-${kind}`;
    const { prepareBenchmark } = createEvaluationActivities({ store, benchmarks: { humaneval: path } });
    const result = await prepareBenchmark({ ...at(campaignId, 0), benchmark: 'humaneval', limit: 2 });
    expect(result).toEqual({ questions: 2, seconds: expect.any(Number) });
    const tests = await store.readJsonLines(
      layout.work({ campaignId }, 0, 'question-tests', 'humaneval.jsonl'),
      QuestionTests,
    );
    expect(tests[1]).toEqual({
      id: 'HumanEval/1',
      tests: [{ id: 'check', program: `${task(1).test}\ncheck(f1)\n` }],
    });
  });

  it('names the path where the file is missing, and what is installed where the name is', async () => {
    const benchmarks = { humaneval: join(folder, 'none.jsonl') };
    const { prepareBenchmark } = createEvaluationActivities({ store, benchmarks });
    const input = at(`${prefix}-missing`, 0);
    await expect(prepareBenchmark({ ...input, benchmark: 'humaneval' })).rejects.toMatchObject({
      code: 'benchmark-missing',
      message: expect.stringContaining(benchmarks.humaneval),
    });
    await expect(prepareBenchmark({ ...input, benchmark: 'mbpp' })).rejects.toMatchObject({
      code: 'benchmark-missing',
      message: 'There is no benchmark mbpp here; installed: humaneval.',
    });
  });
});

describe('scoreAnswers', () => {
  /** Four questions under iteration 1, answered by the model of `iteration`; `passed` says which are right. */
  const storeAnswers = async (campaignId: string, iteration: number, passed: boolean[]) => {
    const work = (n: number, ...path: [string, ...string[]]) => layout.work({ campaignId }, n, ...path);
    const ids = passed.map((_, index) => `q${index}`);
    await store.putJsonLines(
      work(1, 'questions', 'heldout.jsonl'),
      ids.map((id) => ({ id, functionName: 'f', prompt: 'def f():\n' })),
    );
    const answers = ids.map((id) => ({ id, code: 'def f(): ...', tokens: 5, finish: 'stop' }));
    await store.putJsonLines(work(iteration, 'answers', 'heldout-0.jsonl'), answers.slice(0, 3));
    await store.putJsonLines(work(iteration, 'answers', 'heldout-1.jsonl'), answers.slice(3));
    await store.putJsonLines(
      work(iteration, 'verdicts', 'heldout.jsonl'),
      ids.map((id, index) => ({
        id,
        outcomes: ['pass', passed[index] ? 'pass' : 'error'],
        outputs: ['1', null],
      })),
    );
  };

  it('scores, and compares with the base question by question', async () => {
    const campaignId = `${prefix}-score`;
    const { scoreAnswers } = createEvaluationActivities({ store, benchmarks: {} });
    const score = (iteration: number) =>
      scoreAnswers({
        ...at(campaignId, iteration),
        set: 'heldout',
        questionsIteration: 1,
        chunks: 2,
        as: 'validation',
      });
    await storeAnswers(campaignId, 0, [true, false, false, false]);
    const base = await score(0);
    expect(base).toMatchObject({ passAt1: 0.25, passed: 1, total: 4, tokens: 20 });
    expect(base.againstBase).toBeUndefined();
    await storeAnswers(campaignId, 1, [false, true, true, true]);
    const first = await score(1);
    expect(first).toMatchObject({ passAt1: 0.75, againstBase: { gained: 3, lost: 1, p: 0.625 } });
    expect(await score(1)).toEqual({ ...first, seconds: expect.any(Number) });
    const lines = await store.readJsonLines(layout.validation({ campaignId }, 1), ScoredAnswer);
    expect(lines[0]).toMatchObject({ id: 'q0', passed: false, outcomes: { pass: 1, error: 1 } });
  });
});
