import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../../activities/sandbox/executor.ts';
import {
  createSandboxActivities,
  type SandboxActivities,
} from '../../../activities/sandbox/sandbox-activities.ts';
import type { ObjectStore } from '../../../activities/store/object-store.ts';
import { LimitsConfig } from '../../../core/config/campaign-config.ts';
import { AnswerVerdict } from '../../../core/evaluation/question.ts';
import { Matrix } from '../../../core/execution/batch.ts';
import { joinRounds } from '../../../core/execution/join-rounds.ts';
import { layout } from '../../../core/layout.ts';
import { problemNamed } from '../../support/campaign-objects.ts';
import { testExecutor } from '../../support/docker.ts';
import { testStore } from '../../support/store.ts';

const limits = LimitsConfig.parse({});
const problemId = 'p0001';
const name = problemNamed(problemId).functionName;

describe('the sandbox activities', () => {
  let executor: Executor;
  let store: ObjectStore;
  let campaignId: string;
  let activities: SandboxActivities;
  const context = () => ({ campaignId, iteration: 1, seed: 0 });
  const work = (...path: [string, ...string[]]) => layout.work({ campaignId }, 1, ...path);

  beforeAll(async () => {
    const opened = await testStore();
    store = opened.store;
    campaignId = opened.prefix;
    executor = await testExecutor({ containers: 1 });
    activities = createSandboxActivities({ store, executor });
    await store.putJson(work('problems', `${problemId}.json`), problemNamed(problemId));
  }, 120_000);
  afterAll(() => executor.close());

  it('keep the tests whose arguments can be made, are the same twice, and are new', {
    timeout: 60_000,
  }, async () => {
    const calls: readonly (readonly [string, string])[] = [
      [`${name}([1])`, '2'],
      [`${name}([2])`, '99'],
      [`${name}( [ 1 ] )`, '5'],
      [`${name}([1`, '2'],
      [`${name}([3])`, 'oops'],
      [`${name}([1 / 0])`, '2'],
      [`${name}([__import__('random').random()])`, '2'],
    ];
    const tests = calls.map(([call, expected], index) => ({
      id: `t${index}`,
      call,
      expected,
      category: 'ordinary',
    }));
    await store.putJson(work('written-tests', `${problemId}.json`), { tests, discarded: {}, tokens: 0 });
    const first = await activities.checkTests({ ...context(), problemId, minimum: 2, limits });
    expect(first).toMatchObject({
      usable: 2,
      dropped: {
        'repeats another test': 1,
        'does not compile': 1,
        'expected is no literal': 1,
        'cannot run': 1,
        'differs between two runs': 1,
      },
    });
    const again = await activities.checkTests({ ...context(), problemId, minimum: 2, limits });
    expect({ ...again, seconds: 0 }).toEqual({ ...first, seconds: 0 });
  });

  it('run candidates once and store their matrix', { timeout: 60_000 }, async () => {
    const lines = [
      `def ${name}(x):\n    return 2 * sum(x)`,
      `def ${name}(x):\n    return 2 * sum(x)`,
      '',
      'not python',
    ].map((code, index) => ({
      id: `c000${index + 1}`,
      code,
      style: 'plain',
      temperature: 0.7,
      seed: index,
      tokens: 5,
      perplexity: 1.1,
      finish: 'stop',
      ...(code === '' ? { discarded: 'no code block' } : {}),
    }));
    await store.putJsonLines(layout.candidates({ campaignId }, 1, problemId, 0), lines.slice(0, 2));
    await store.putJsonLines(layout.candidates({ campaignId }, 1, problemId, 1), lines.slice(2));
    const before = executor.executedPrograms;
    const input = { ...context(), problemId, chunks: 2, limits };
    const result = await activities.executeCandidates(input);
    expect(result).toMatchObject({
      candidates: 4,
      tests: 2,
      executed: 2,
      verdicts: { pass: 2, fail: 2, error: 4 },
    });
    await activities.executeCandidates(input);
    expect(executor.executedPrograms - before).toBe(2);
    const matrix = await store.readJson(layout.matrix({ campaignId }, 1, problemId), Matrix);
    expect(matrix.candidates.map(({ id }) => id)).toEqual(lines.map(({ id }) => id));
    expect(matrix.candidates[0]?.outputs).toEqual(['2', '4']);
    expect(matrix.candidates[2]?.outcomes).toEqual(['error', 'error']);
  });

  describe('in a later round of sampling', () => {
    const shared = 'p0011';
    const answerOf = (code: string, index: number) => ({
      ...{ id: `c000${index + 1}`, code, style: 'plain', temperature: 0.7, seed: index, tokens: 5 },
      ...{ perplexity: 1.1, finish: 'stop' },
      ...(code === '' ? { discarded: 'no code block' } : {}),
    });
    const first = [`def ${name}(x):\n    return sum(x)`, '', `def ${name}(x):\n    return [][1]`];
    const second = [
      `def ${name}(x):\n    # The sum.\n    return sum(x)`,
      `def ${name}(x):\n    return -sum(x)`,
      `def ${name}(x):\n    return sum(x)\n`,
      '',
    ];
    const round = (index: number) => ({
      ...{ ...context(), problemId: shared, limits },
      ...{ chunks: index + 1, round: { index, firstChunk: index } },
    });
    const stored = (index: number) =>
      store.readJson(layout.roundMatrix({ campaignId }, 1, shared, index), Matrix);

    beforeAll(async () => {
      const tests = ['[1]', '[2]'].map((numbers, index) => {
        return { id: `t${index}`, category: 'ordinary', call: `${name}(${numbers})`, expected: '2' };
      });
      await store.putJson(work('tests', `${shared}.json`), { tests, dropped: [] });
      const answers = [...first, ...second].map(answerOf);
      const chunk = (index: number) => layout.candidates({ campaignId }, 1, shared, index);
      await store.putJsonLines(chunk(0), answers.slice(0, first.length));
      await store.putJsonLines(chunk(1), answers.slice(first.length));
    });

    it('take stored rows of equal programs, and say the same if they are repeated', async () => {
      const before = executor.executedPrograms;
      expect(await activities.executeCandidates(round(0))).toMatchObject({ executed: 2, shared: 0 });
      const result = await activities.executeCandidates(round(1));
      expect(result).toMatchObject({ candidates: 4, executed: 1, shared: 2 });
      expect(executor.executedPrograms - before).toBe(3);
      const { candidates } = await stored(1);
      expect(candidates.map(({ id, outcomes }) => [id, ...outcomes])).toEqual([
        ['c0004', 'fail', 'pass'],
        ['c0005', 'fail', 'fail'],
        ['c0006', 'fail', 'pass'],
        ['c0007', 'error', 'error'],
      ]);
      // From what is stored only texts can be told apart.
      const { verdicts } = result;
      expect(await activities.executeCandidates(round(1))).toMatchObject({
        verdicts,
        executed: 2,
        shared: 1,
      });
      expect(executor.executedPrograms - before).toBe(3);
    }, 60_000);

    it('store what one batch of all stores, once they are joined', async () => {
      const all = { ...context(), problemId: shared, limits, chunks: 2 };
      await activities.executeCandidates(all);
      const whole = await store.readJson(layout.matrix({ campaignId }, 1, shared), Matrix);
      expect(joinRounds([await stored(0), await stored(1)])).toEqual(whole);
    }, 60_000);

    it('run again what was not run to its end', async () => {
      const other = { ...context(), revisions: { '1': { problems: 1 } } };
      for (const [folder, key] of [
        ['tests', work('tests', `${shared}.json`)],
        ['candidates', layout.candidates({ campaignId }, 1, shared, 0)],
        ['candidates', layout.candidates({ campaignId }, 1, shared, 1)],
      ] as const) {
        const copy = key.replace('/iterations/1/', '/iterations/1.r1/');
        expect(copy, folder).not.toBe(key);
        await store.put(copy, (await store.read(key)).toString());
      }
      const { candidates, ...rest } = await stored(0);
      const cut = candidates.map((row) => ({ ...row, outcomes: row.outcomes.with(1, 'not-run') }));
      await store.putJson(layout.roundMatrix(other, 1, shared, 0), { ...rest, candidates: cut });
      const result = await activities.executeCandidates({ ...round(1), ...other });
      expect(result).toMatchObject({ executed: 2, shared: 0 });
      const again = await store.readJson(layout.roundMatrix(other, 1, shared, 1), Matrix);
      expect(again).toEqual(await stored(1));
    }, 60_000);
  });

  it('run a winner once more in another order, and keep what differs', { timeout: 60_000 }, async () => {
    const stable = { ...context(), problemId, chunks: 2, candidate: 'c0001', limits };
    expect(await activities.recheckWinner(stable)).toMatchObject({ differing: 0 });
    const chance = `import os\ndef ${name}(x):\n    return os.urandom(8)`;
    const candidate = { id: 'c0001', code: chance, style: 'plain', temperature: 0.7, seed: 1 };
    const answer = { ...candidate, tokens: 5, perplexity: 1.1, finish: 'stop' };
    const other = 'p0009';
    await store.putJson(work('tests', `${other}.json`), {
      tests: [{ id: 't', category: 'ordinary', call: `${name}([1])`, expected: '2' }],
      dropped: [],
    });
    await store.putJsonLines(layout.candidates({ campaignId }, 1, other, 0), [answer]);
    const input = { ...context(), problemId: other, chunks: 1, candidate: 'c0001', limits };
    expect(await activities.recheckWinner(input)).toMatchObject({ differing: 1 });
    const before = executor.executedPrograms;
    expect(await activities.recheckWinner(input)).toMatchObject({ differing: 1 });
    expect(executor.executedPrograms).toBe(before);
  });

  it('judge answers by the tests of their question', { timeout: 60_000 }, async () => {
    await store.putJsonLines(layout.work({ campaignId }, 0, 'question-tests', 'quiz.jsonl'), [
      { id: 'q1', tests: [{ id: 't', program: 'def check(f):\n    assert f(1) == 2\ncheck(inc)' }] },
      { id: 'q2', tests: [{ id: 't', call: 'inc(1)', expected: '2' }] },
    ]);
    await store.putJsonLines(work('answers', 'quiz-0.jsonl'), [
      { id: 'q1', code: 'def inc(x):\n    return x + 1', tokens: 5, finish: 'stop' },
      { id: 'q2', code: '', tokens: 5, finish: 'stop', discarded: 'no code block' },
    ]);
    const result = await activities.executeAnswers({
      ...context(),
      set: 'quiz',
      questionsIteration: 0,
      chunks: 1,
      limits,
    });
    expect(result).toMatchObject({ passed: 1, total: 2, verdicts: { pass: 1, error: 1 } });
    expect(await store.readJsonLines(work('verdicts', 'quiz.jsonl'), AnswerVerdict)).toHaveLength(2);
  });
});
