/** The room's activities against a real S3 server and a scripted model server that speaks the protocol. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createModelActivities } from '../../../activities/model/model-activities.ts';
import { createModelClient } from '../../../activities/model/model-client.ts';
import type { ModelStepContext } from '../../../activities/step.ts';
import type { S3Store } from '../../../activities/store/s3-store.ts';
import { ProblemPolicy } from '../../../core/campaign/problem-policy.ts';
import { CampaignConfig, CandidatesConfig } from '../../../core/config/campaign-config.ts';
import { CurriculumConfig } from '../../../core/config/curriculum-config.ts';
import { Answer } from '../../../core/evaluation/question.ts';
import { layout } from '../../../core/layout.ts';
import { planCurriculum } from '../../../core/problems/curriculum/plan-curriculum.ts';
import { JudgedProblem, Problem } from '../../../core/problems/problem.ts';
import { Skeleton } from '../../../core/problems/skeleton.ts';
import { WrittenTests } from '../../../core/problems/written-tests.ts';
import { Candidate } from '../../../core/sampling/candidate.ts';
import { loadPromptSet } from '../../../infra/prompts/load-prompt-set.ts';
import {
  type Scoring,
  type Script,
  type ScriptedModelServer,
  startScriptedModelServer,
} from '../../support/scripted-model-server.ts';
import { testStore } from '../../support/store.ts';

let store: S3Store;
let server: ScriptedModelServer;
let context: ModelStepContext;
let activities: ReturnType<typeof createModelActivities>;

beforeEach(async () => {
  const test = await testStore();
  store = test.store;
  server = await startScriptedModelServer();
  context = { campaignId: test.prefix, iteration: 1, seed: 7, servedModel: 'scripted' };
  activities = createModelActivities({ store, model: createModelClient({ url: server.url }), width: 4 });
  await store.putJson(layout.prompts(context.campaignId), await loadPromptSet('small'));
  await store.put(layout.topics(context.campaignId), 'doubles\ntriples\nsquares\ncubes\n');
});
afterEach(() => server.close());

const work = (...path: [string, ...string[]]) => layout.work(context, 1, ...path);

const problem: Problem = {
  id: 'p0001',
  domain: 'basic-algorithm',
  topic: 'doubles',
  functionName: 'double',
  signature: 'def double(number: int) -> int:',
  docstring: 'Return twice the number.',
};

const topicIn = (prompt: string): string => /# Topic: ([a-z]+)\n?[^#]*$/.exec(prompt)?.[1] ?? 'unknown';

describe('proposeProblems', () => {
  beforeEach(() => {
    server.state.script = ({ prompt }) => {
      const topic = topicIn(prompt);
      return topic === 'cubes'
        ? { text: '\ndef cubes(' }
        : { text: `\ndef ${topic}(number: int) -> int:\n    """Return the ${topic} of the number."""` };
    };
  });
  const propose = () => activities.proposeProblems({ ...context, batch: 0, firstIndex: 4, count: 4 });

  it('stores a problem for each topic and counts what it could not read', async () => {
    const { proposed, discarded, tokens } = await propose();
    expect({ proposed, discarded }).toEqual({ proposed: 3, discarded: { 'pattern-mismatch': 1 } });
    expect(tokens).toBeGreaterThan(20);
    const problems = await store.readJsonLines(work('proposals', '0.jsonl'), Problem);
    expect(problems.map(({ id, topic }) => [id, topic])).toEqual([
      ['p0005', 'doubles'],
      ['p0006', 'triples'],
      ['p0007', 'squares'],
    ]);
  });

  it('asks with a seed of its own for each proposal', async () => {
    await propose();
    const seeds = server.state.requests.map(({ body }) => body.seed);
    expect(new Set(seeds).size).toBe(4);
  });

  it('adopts what is stored instead of asking again', async () => {
    const first = await propose();
    const asked = server.state.requests.length;
    expect(await propose()).toEqual({ ...first, seconds: expect.any(Number) });
    expect(server.state.requests).toHaveLength(asked);
  });
});

describe('judgeProblems', () => {
  /** Tokens of an excellent problem are ten times as probable. */
  const scoring: Scoring = (token, before) => (`${before}${token}`.includes('excellent') ? -0.1 : -1);
  const script: Script = () => ({
    text: '\ndef better(number: int) -> int:\n    """Return the excellent number of it."""',
  });
  const problems = [
    { ...problem, docstring: 'Return excellent doubles.' },
    { ...problem, id: 'p0002', docstring: 'Return something.' },
    { ...problem, id: 'p0003', docstring: 'Return anything.' },
  ];
  beforeEach(async () => {
    server.state.script = script;
    server.state.scoring = scoring;
    await store.putJsonLines(work('proposals', '0.jsonl'), problems);
  });
  const judge = (refine: boolean) =>
    activities.judgeProblems({ ...context, batch: 0, minScore: 0.5, refine });

  it('keeps the good, rewrites the rest once and keeps what has become good', async () => {
    const result = await judge(true);
    expect(result).toMatchObject({ accepted: 3, refined: 2, discarded: {} });
    const lines = await store.readJsonLines(work('judged', '0.jsonl'), JudgedProblem);
    expect(lines[1]).toMatchObject({
      problem: { id: 'p0002', topic: 'doubles', functionName: 'better' },
      refined: true,
      firstRating: { score: rounded(Math.exp(-1)), scores: { clarity: rounded(Math.exp(-1)) } },
    });
    expect(lines[1]?.rating.score).toBeGreaterThan(0.5);
  });

  it('discards what lies below the threshold where nothing is rewritten', async () => {
    const result = await judge(false);
    expect(result).toMatchObject({ accepted: 1, refined: 0, discarded: { 'below the threshold': 2 } });
    expect(result.scores.slice(1)).toEqual([0.368, 0.368]);
  });

  it('repeats only what was not yet rated when it is run again after a failure', async () => {
    const { criteria } = (await loadPromptSet('small')).stages.judge;
    server.state.scoring = (token, before) => {
      if (before.includes('anything')) throw new Error('the server breaks');
      return scoring(token, before);
    };
    await expect(judge(false)).rejects.toMatchObject({ code: 'model-unavailable' });
    const rated = (await store.list(work('ratings/'))).length;
    server.state.scoring = scoring;
    const asked = server.state.requests.length;
    expect(await judge(false)).toMatchObject({ accepted: 1 });
    expect(server.state.requests.length - asked).toBe((problems.length - rated) * criteria.length);
  });

  it('asks a capable model for a score and takes the expectation', async () => {
    context = { ...context, campaignId: `${context.campaignId}-paper` };
    await store.putJson(layout.prompts(context.campaignId), await loadPromptSet('paper'));
    await store.putJsonLines(work('proposals', '0.jsonl'), problems.slice(0, 1));
    server.state.script = () => ({
      text: '{"score": 4 , "summary": "Clear."}',
      top: [{ '{"score":': 0 }, { ' 4': Math.log(0.5), ' 5': Math.log(0.5) }],
    });
    expect(await judge(false)).toMatchObject({ accepted: 1, scores: [0.875] });
    const [line] = await store.readJsonLines(work('judged', '0.jsonl'), JudgedProblem);
    expect(line?.rating).toMatchObject({ reason: 'Clear. Clear. Clear.', scores: { clarity: 0.875 } });
  });
});

describe('with a curriculum', () => {
  const plan = () => layout.curriculum(context, 1, 'plan');
  beforeEach(async () => {
    context = { ...context, campaignId: `${context.campaignId}-curriculum` };
    await store.putJson(layout.prompts(context.campaignId), await loadPromptSet('paper'));
    const settings = CurriculumConfig.parse({ start: 0.5 });
    const topics = ['doubles', 'squares'].map((topic) => ({ domain: 'tool-usage' as const, topic }));
    // Doubles are solved each time, squares never.
    const measured = topics.flatMap((topic, index) =>
      Array.from({ length: 30 }, (_, n) => ({
        ...{ ...topic, id: `${index}-${n}`, iteration: 1, judged: null, agreement: 1 - index, decided: true },
      })),
    );
    const made = { settings, topics, measured, measuredIn: [1], step: 1, count: 4, seed: 1, iteration: 2 };
    await store.putJson(plan(), planCurriculum(made));
  });
  const proposal = JSON.stringify({
    ...{ title: 'T', description: 'Return the number, changed.', example: '', hint: '' },
    signature: 'def change(number: int) -> int:',
  });

  it('proposes its topics, each at the difficulty that it lacks', async () => {
    server.state.script = () => ({ text: proposal });
    await activities.proposeProblems({ ...context, batch: 0, firstIndex: 0, count: 4, plan: plan() });
    const problems = await store.readJsonLines(work('proposals', '0.jsonl'), Problem);
    expect(problems.map(({ topic }) => topic).sort()).toEqual(['doubles', 'doubles', 'squares', 'squares']);
    for (const { prompt } of server.state.requests) {
      const level = prompt.includes('Topic: doubles\n') ? 'very hard' : 'very easy';
      expect(prompt).toContain(`\nDifficulty: ${level}. `);
    }
  });

  it('asks the same as ever where there is none', async () => {
    server.state.script = () => ({ text: proposal });
    await store.put(layout.topics(context.campaignId), 'doubles\n');
    await activities.proposeProblems({ ...context, batch: 0, firstIndex: 0, count: 1 });
    expect(server.state.requests[0]?.prompt).toContain('\nTopic: doubles\n\nThe problem must');
  });

  it('has the judge rate the difficulty of what it accepts, once', async () => {
    await store.putJsonLines(work('proposals', '0.jsonl'), [
      { ...problem, domain: 'tool-usage' },
      { ...problem, id: 'p0002', docstring: 'Return nothing good.' },
    ]);
    server.state.script = ({ prompt }) => {
      const score = prompt.includes('Estimate how difficult')
        ? '2'
        : prompt.includes('nothing good')
          ? '1'
          : '5';
      return {
        text: `{"score": ${score} , "summary": "So."}`,
        top: [{ '{"score":': 0 }, { [` ${score}`]: 0 }],
      };
    };
    const judge = () =>
      activities.judgeProblems({ ...context, batch: 0, minScore: 0.5, refine: false, plan: plan() });
    const first = await judge();
    expect(first).toMatchObject({ accepted: 1, scores: [1, 0] });
    const lines = await store.readJsonLines(work('judged', '0.jsonl'), JudgedProblem);
    expect(lines.map(({ difficulty }) => difficulty)).toEqual([0.25, undefined]);
    const asked = server.state.requests.length;
    expect(asked).toBe(2 * 3 + 1);
    expect({ ...(await judge()), seconds: 0 }).toEqual({ ...first, seconds: 0 });
    expect(server.state.requests).toHaveLength(asked);
  });

  it('does without the difficulty that a judge does not tell', async () => {
    await store.putJsonLines(work('proposals', '0.jsonl'), [problem]);
    server.state.script = ({ prompt }) =>
      prompt.includes('Estimate how difficult')
        ? { text: 'Hard to say.' }
        : { text: '{"score": 5 , "summary": "So."}', top: [{ '{"score":': 0 }, { ' 5': 0 }] };
    const judged = { ...context, batch: 0, minScore: 0.5, refine: false, plan: plan() };
    expect(await activities.judgeProblems(judged)).toMatchObject({ accepted: 1 });
    const [line] = await store.readJsonLines(work('judged', '0.jsonl'), JudgedProblem);
    expect(line).not.toHaveProperty('difficulty');
  });
});

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

describe('calibrateJudge', () => {
  it('measures how well the judge parts the planted problems', async () => {
    expect(await activities.calibrateJudge(context)).toMatchObject({ auc: 0.5, good: 20, spoilt: 20 });
  });

  it('tells a judge that prefers a good problem from one that does not', async () => {
    server.state.scoring = (_, before) => (before.includes('median of a non-empty list') ? -0.1 : -1);
    const { auc } = await activities.calibrateJudge(context);
    expect(auc).toBeCloseTo(0.5 + 0.5 / 20, 10);
  });
});

describe('a problem’s stages', () => {
  const policy = ProblemPolicy.parse(
    CampaignConfig.parse({ name: 'steps', model: { base: 'scripted' }, problems: { count: 1 } }),
  );
  const step = () => ({ ...context, problemId: 'p0001', policy });
  beforeEach(() => store.putJson(work('problems', 'p0001.json'), problem));

  it('sketches a skeleton', async () => {
    server.state.script = () => ({
      text: '\n        number: The number.\n\n    Returns:\n        Its double.',
    });
    await activities.sketchInterface(step());
    const { skeleton } = await store.readJson(work('skeletons', 'p0001.json'), Skeleton);
    expect(skeleton).toContain('    Args:\n        number: The number.');
  });

  it('keeps the settings with which the problem was begun, whatever they are now', async () => {
    expect((await activities.sketchInterface(step())).policy).toEqual(policy);
    const retuned = { ...policy, candidates: { ...policy.candidates, count: 3 } };
    expect((await activities.sketchInterface({ ...step(), policy: retuned })).policy).toEqual(policy);
  });

  it('falls back to the problem’s own stub and says why', async () => {
    await activities.sketchInterface(step());
    expect(await store.readJson(work('skeletons', 'p0001.json'), Skeleton)).toMatchObject({
      skeleton: 'def double(number: int) -> int:\n    """Return twice the number."""',
      discarded: 'pattern-mismatch',
    });
  });

  it('writes tests from several samples', async () => {
    server.state.script = ({ seed }) => ({
      text: `${seed % 5}) == 2\nassert double(-3) == -6\nassert double(x) == y`,
    });
    const { written, discarded } = await activities.writeTests({ ...step(), count: 12 });
    const stored = await store.readJson(work('written-tests', 'p0001.json'), WrittenTests);
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
    await activities.sketchInterface(step());
    server.state.script = ({ seed }) => ({
      text: seed % 3 === 0 ? '' : `\n    return number * ${seed}`,
      finish: seed % 3 === 1 ? 'length' : 'stop',
    });
    const settings = CandidatesConfig.parse({ count: 7, chunk: 4, temperature: [0.7, 0.9], maxTokens: 50 });
    const whole = { problemIndex: 0, firstChunk: 0, chunks: 2, settings };
    expect(await activities.sampleCandidates({ ...step(), ...whole })).toMatchObject({ candidates: 7 });
    const read = (chunk: number) =>
      store.readJsonLines(layout.candidates(context, 1, 'p0001', chunk), Candidate);
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
    await activities.sketchInterface(step());
    const settings = CandidatesConfig.parse({ count: 4, chunk: 4 });
    const chunk = { problemIndex: 0, firstChunk: 0, chunks: 1, settings };
    const sample = () => activities.sampleCandidates({ ...step(), ...chunk });
    server.state.faults.push({ kind: 'sample-missing' });
    await expect(sample()).rejects.toMatchObject({ code: 'model-answer-invalid' });
    await sample();
    const asked = server.state.requests.length;
    await sample();
    expect(server.state.requests).toHaveLength(asked);
  });
});

describe('answerQuestions', () => {
  const questions = Array.from({ length: 5 }, (_, n) => ({
    id: `HumanEval/${n}`,
    functionName: `f${n}`,
    prompt: `import math\n\n\ndef f${n}(x: int) -> int:\n    """Return x + ${n}."""\n`,
  }));
  beforeEach(() => store.putJsonLines(work('questions', 'humaneval.jsonl'), questions));
  const answer = () =>
    activities.answerQuestions({
      ...context,
      set: 'humaneval',
      questionsIteration: 1,
      chunk: 1,
      from: 2,
      to: 5,
      maxTokens: 64,
    });

  it('answers greedily with modules that run', async () => {
    server.state.script = () => ({ text: '\n    return x' });
    expect(await answer()).toMatchObject({ answered: 3, tokens: 6 });
    const answers = await store.readJsonLines(work('answers', 'humaneval-1.jsonl'), Answer);
    expect(answers[0]).toEqual({
      id: 'HumanEval/2',
      code: 'import math\n\n\ndef f2(x: int) -> int:\n    return x',
      tokens: 2,
      finish: 'stop',
    });
    expect(server.state.requests[0]?.body).toMatchObject({ temperature: 0, max_tokens: 64, n: 1 });
  });

  it('counts a question that the server refuses as not answered, unless it refuses all', async () => {
    server.state.faults.push({ kind: 'status', status: 400 });
    await answer();
    const answers = await store.readJsonLines(work('answers', 'humaneval-1.jsonl'), Answer);
    expect(answers.filter(({ discarded }) => discarded === 'refused')).toHaveLength(1);
  });

  it('fails where the server refuses every question', async () => {
    server.state.faults.push(...Array(3).fill({ kind: 'status', status: 400 }));
    await expect(answer()).rejects.toMatchObject({ code: 'model-refused' });
  });

  it('asks no more at once than it is allowed to', async () => {
    await answer();
    expect(server.state.most).toBeLessThanOrEqual(4);
  });
});
