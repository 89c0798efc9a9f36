/** The activities that solve a problem, and those that answer questions by which a model is measured. */
import { beforeEach, describe, expect, it } from 'vitest';
import { ProblemPolicy } from '../../../core/campaign/problem-policy.ts';
import { CampaignConfig, CandidatesConfig } from '../../../core/config/campaign-config.ts';
import { Answer } from '../../../core/evaluation/question.ts';
import { layout } from '../../../core/layout.ts';
import { Skeleton } from '../../../core/problems/skeleton.ts';
import { WrittenTests } from '../../../core/problems/written-tests.ts';
import { Candidate } from '../../../core/sampling/candidate.ts';
import { modelBench, problem } from './model-bench.ts';

const bench = modelBench();

describe('a problem’s stages', () => {
  const policy = ProblemPolicy.parse(
    CampaignConfig.parse({ name: 'steps', model: { base: 'scripted' }, problems: { count: 1 } }),
  );
  const step = () => ({ ...bench.context, problemId: 'p0001', policy });
  beforeEach(() => bench.store.putJson(bench.work('problems', 'p0001.json'), problem));

  it('sketches a skeleton', async () => {
    bench.server.state.script = () => ({
      text: '\n        number: The number.\n\n    Returns:\n        Its double.',
    });
    await bench.activities.sketchInterface(step());
    const { skeleton } = await bench.store.readJson(bench.work('skeletons', 'p0001.json'), Skeleton);
    expect(skeleton).toContain('    Args:\n        number: The number.');
  });

  it('keeps the settings with which the problem was begun, whatever they are now', async () => {
    expect((await bench.activities.sketchInterface(step())).policy).toEqual(policy);
    const retuned = { ...policy, candidates: { ...policy.candidates, count: 3 } };
    expect((await bench.activities.sketchInterface({ ...step(), policy: retuned })).policy).toEqual(policy);
  });

  it('falls back to the problem’s own stub and says why', async () => {
    await bench.activities.sketchInterface(step());
    expect(await bench.store.readJson(bench.work('skeletons', 'p0001.json'), Skeleton)).toMatchObject({
      skeleton: 'def double(number: int) -> int:\n    """Return twice the number."""',
      discarded: 'pattern-mismatch',
    });
  });

  it('writes tests from several samples', async () => {
    bench.server.state.script = ({ seed }) => ({
      text: `${seed % 5}) == 2\nassert double(-3) == -6\nassert double(x) == y`,
    });
    const { written, discarded } = await bench.activities.writeTests({ ...step(), count: 12 });
    const stored = await bench.store.readJson(bench.work('written-tests', 'p0001.json'), WrittenTests);
    expect(written).toBe(5);
    expect(stored.tests).toHaveLength(5);
    expect(discarded).toEqual({ 'call-repeated': 3, 'expected-not-a-literal': 4 });
    expect(stored.tests[1]).toEqual({
      id: 't002',
      call: 'double(-3)',
      expected: '-6',
      category: 'extreme',
    });
  });

  it('samples candidates chunk by chunk, each with its own effective seed', async () => {
    await bench.activities.sketchInterface(step());
    bench.server.state.script = ({ seed }) => ({
      text: seed % 3 === 0 ? '' : `\n    return number * ${seed}`,
      finish: seed % 3 === 1 ? 'length' : 'stop',
    });
    const settings = CandidatesConfig.parse({ count: 7, chunk: 4, temperature: [0.7, 0.9], maxTokens: 50 });
    const whole = { problemIndex: 0, firstChunk: 0, chunks: 2, settings };
    expect(await bench.activities.sampleCandidates({ ...step(), ...whole })).toMatchObject({ candidates: 7 });
    const read = (chunk: number) =>
      bench.store.readJsonLines(layout.candidates(bench.context, 1, 'p0001', chunk), Candidate);
    const candidates = [...(await read(0)), ...(await read(1))];
    expect(candidates.map(({ id }) => id)).toEqual(Array.from({ length: 7 }, (_, n) => `c000${n + 1}`));
    expect(new Set(candidates.map(({ seed }) => seed)).size).toBe(7);
    expect(candidates.map(({ temperature }) => temperature)).toEqual([0.7, 0.7, 0.7, 0.7, 0.9, 0.9, 0.9]);
    for (const { seed, code, discarded, perplexity, finish, tokens } of candidates) {
      const empty = seed % 3 === 0;
      expect(code).toBe(empty ? '' : `def double(number: int) -> int:\n    return number * ${seed}`);
      expect(discarded).toBe(empty ? 'function-without-body' : undefined);
      expect(perplexity).toBe(empty ? null : Math.exp(0.1));
      expect(finish).toBe(seed % 3 === 1 ? 'length' : 'stop');
      expect(tokens).toBe(empty ? 0 : 4);
    }
  });

  it('does not repeat a stored chunk, and repeats one that failed', async () => {
    await bench.activities.sketchInterface(step());
    const settings = CandidatesConfig.parse({ count: 4, chunk: 4 });
    const chunk = { problemIndex: 0, firstChunk: 0, chunks: 1, settings };
    const sample = () => bench.activities.sampleCandidates({ ...step(), ...chunk });
    bench.server.state.faults.push({ kind: 'sample-missing' });
    await expect(sample()).rejects.toMatchObject({ code: 'model-answer-invalid' });
    await sample();
    const asked = bench.server.state.requests.length;
    await sample();
    expect(bench.server.state.requests).toHaveLength(asked);
  });
});

describe('answerQuestions', () => {
  const questions = Array.from({ length: 5 }, (_, n) => ({
    id: `HumanEval/${n}`,
    functionName: `f${n}`,
    prompt: `import math\n\n\ndef f${n}(x: int) -> int:\n    """Return x + ${n}."""\n`,
  }));
  beforeEach(() => bench.store.putJsonLines(bench.work('questions', 'humaneval.jsonl'), questions));
  const answer = () =>
    bench.activities.answerQuestions({
      ...bench.context,
      set: 'humaneval',
      questionsIteration: 1,
      chunk: 1,
      from: 2,
      to: 5,
      maxTokens: 64,
    });

  it('answers greedily with modules that run', async () => {
    bench.server.state.script = () => ({ text: '\n    return x' });
    expect(await answer()).toMatchObject({ answered: 3, tokens: 6 });
    const answers = await bench.store.readJsonLines(bench.work('answers', 'humaneval-1.jsonl'), Answer);
    expect(answers[0]).toEqual({
      id: 'HumanEval/2',
      code: 'import math\n\n\ndef f2(x: int) -> int:\n    return x',
      tokens: 2,
      finish: 'stop',
    });
    expect(bench.server.state.requests[0]?.body).toMatchObject({ temperature: 0, max_tokens: 64, n: 1 });
  });

  it('counts a question that the server refuses as not answered, unless it refuses all', async () => {
    bench.server.state.faults.push({ kind: 'status', status: 400 });
    await answer();
    const answers = await bench.store.readJsonLines(bench.work('answers', 'humaneval-1.jsonl'), Answer);
    expect(answers.filter(({ discarded }) => discarded === 'refused')).toHaveLength(1);
  });

  it('fails where the server refuses every question', async () => {
    bench.server.state.faults.push(...Array(3).fill({ kind: 'status', status: 400 }));
    await expect(answer()).rejects.toMatchObject({ code: 'model-refused' });
  });

  it('asks no more at once than it is allowed to', async () => {
    await answer();
    expect(bench.server.state.most).toBeLessThanOrEqual(4);
  });
});
