/** The activities that make problems: they are proposed, judged and, where there is a curriculum, of its difficulty. */
import { beforeEach, describe, expect, it } from 'vitest';
import { CurriculumConfig } from '../../../core/config/curriculum-config.ts';
import { layout } from '../../../core/layout.ts';
import { planCurriculum } from '../../../core/problems/curriculum/plan-curriculum.ts';
import { JudgedProblem, Problem } from '../../../core/problems/problem.ts';
import { loadPromptSet } from '../../../infra/prompts/load-prompt-set.ts';
import type { Scoring, Script } from '../../support/scripted-model-server.ts';
import { modelBench, problem } from './model-bench.ts';

const bench = modelBench();

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

const topicIn = (prompt: string): string => /# Topic: ([a-z]+)\n?[^#]*$/.exec(prompt)?.[1] ?? 'unknown';

describe('proposeProblems', () => {
  beforeEach(() => {
    bench.server.state.script = ({ prompt }) => {
      const topic = topicIn(prompt);
      return topic === 'cubes'
        ? { text: '\ndef cubes(' }
        : { text: `\ndef ${topic}(number: int) -> int:\n    """Return the ${topic} of the number."""` };
    };
  });
  const propose = () =>
    bench.activities.proposeProblems({ ...bench.context, batch: 0, firstIndex: 4, count: 4 });

  it('stores a problem for each topic and counts what it could not read', async () => {
    const { proposed, discarded, tokens } = await propose();
    expect({ proposed, discarded }).toEqual({ proposed: 3, discarded: { 'pattern-mismatch': 1 } });
    expect(tokens).toBeGreaterThan(20);
    const problems = await bench.store.readJsonLines(bench.work('proposals', '0.jsonl'), Problem);
    expect(problems.map(({ id, topic }) => [id, topic])).toEqual([
      ['p0005', 'doubles'],
      ['p0006', 'triples'],
      ['p0007', 'squares'],
    ]);
  });

  it('asks with a seed of its own for each proposal', async () => {
    await propose();
    const seeds = bench.server.state.requests.map(({ body }) => body.seed);
    expect(new Set(seeds).size).toBe(4);
  });

  it('adopts what is stored instead of asking again', async () => {
    const first = await propose();
    const asked = bench.server.state.requests.length;
    expect(await propose()).toEqual({ ...first, seconds: expect.any(Number) });
    expect(bench.server.state.requests).toHaveLength(asked);
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
    bench.server.state.script = script;
    bench.server.state.scoring = scoring;
    await bench.store.putJsonLines(bench.work('proposals', '0.jsonl'), problems);
  });
  const judge = (refine: boolean) =>
    bench.activities.judgeProblems({ ...bench.context, batch: 0, minScore: 0.5, refine });

  it('keeps the good, rewrites the rest once and keeps what has become good', async () => {
    const result = await judge(true);
    expect(result).toMatchObject({ accepted: 3, refined: 2, discarded: {} });
    const lines = await bench.store.readJsonLines(bench.work('judged', '0.jsonl'), JudgedProblem);
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
    bench.server.state.scoring = (token, before) => {
      if (before.includes('anything')) throw new Error('the server breaks');
      return scoring(token, before);
    };
    await expect(judge(false)).rejects.toMatchObject({ code: 'model-unavailable' });
    const rated = (await bench.store.list(bench.work('ratings/'))).length;
    bench.server.state.scoring = scoring;
    const asked = bench.server.state.requests.length;
    expect(await judge(false)).toMatchObject({ accepted: 1 });
    expect(bench.server.state.requests.length - asked).toBe((problems.length - rated) * criteria.length);
  });

  it('asks a capable model for a score and takes the expectation', async () => {
    bench.context = { ...bench.context, campaignId: `${bench.context.campaignId}-paper` };
    await bench.store.putJson(layout.prompts(bench.context.campaignId), await loadPromptSet('paper'));
    await bench.store.putJsonLines(bench.work('proposals', '0.jsonl'), problems.slice(0, 1));
    bench.server.state.script = () => ({
      text: '{"score": 4 , "summary": "Clear."}',
      top: [{ '{"score":': 0 }, { ' 4': Math.log(0.5), ' 5': Math.log(0.5) }],
    });
    expect(await judge(false)).toMatchObject({ accepted: 1, scores: [0.875] });
    const [line] = await bench.store.readJsonLines(bench.work('judged', '0.jsonl'), JudgedProblem);
    expect(line?.rating).toMatchObject({ reason: 'Clear. Clear. Clear.', scores: { clarity: 0.875 } });
  });
});

describe('with a curriculum', () => {
  const plan = () => layout.curriculum(bench.context, 1, 'plan');
  beforeEach(async () => {
    bench.context = { ...bench.context, campaignId: `${bench.context.campaignId}-curriculum` };
    await bench.store.putJson(layout.prompts(bench.context.campaignId), await loadPromptSet('paper'));
    const settings = CurriculumConfig.parse({ start: 0.5 });
    const topics = ['doubles', 'squares'].map((topic) => ({ domain: 'tool-usage' as const, topic }));
    // Doubles are solved each time, squares never.
    const measured = topics.flatMap((topic, index) =>
      Array.from({ length: 30 }, (_, n) => ({
        ...{ ...topic, id: `${index}-${n}`, iteration: 1, judged: null, agreement: 1 - index, decided: true },
      })),
    );
    const made = { settings, topics, measured, measuredIn: [1], step: 1, count: 4, seed: 1, iteration: 2 };
    await bench.store.putJson(plan(), planCurriculum(made));
  });
  const proposal = JSON.stringify({
    ...{ title: 'T', description: 'Return the number, changed.', example: '', hint: '' },
    signature: 'def change(number: int) -> int:',
  });

  it('proposes its topics, each at the difficulty that it lacks', async () => {
    bench.server.state.script = () => ({ text: proposal });
    await bench.activities.proposeProblems({
      ...bench.context,
      batch: 0,
      firstIndex: 0,
      count: 4,
      plan: plan(),
    });
    const problems = await bench.store.readJsonLines(bench.work('proposals', '0.jsonl'), Problem);
    expect(problems.map(({ topic }) => topic).sort()).toEqual(['doubles', 'doubles', 'squares', 'squares']);
    for (const { prompt } of bench.server.state.requests) {
      const level = prompt.includes('Topic: doubles\n') ? 'very hard' : 'very easy';
      expect(prompt).toContain(`\nDifficulty: ${level}. `);
    }
  });

  it('asks the same as ever where there is none', async () => {
    bench.server.state.script = () => ({ text: proposal });
    await bench.store.put(layout.topics(bench.context.campaignId), 'doubles\n');
    await bench.activities.proposeProblems({ ...bench.context, batch: 0, firstIndex: 0, count: 1 });
    expect(bench.server.state.requests[0]?.prompt).toContain('\nTopic: doubles\n\nThe problem must');
  });

  it('has the judge rate the difficulty of what it accepts, once', async () => {
    await bench.store.putJsonLines(bench.work('proposals', '0.jsonl'), [
      { ...problem, domain: 'tool-usage' },
      { ...problem, id: 'p0002', docstring: 'Return nothing good.' },
    ]);
    bench.server.state.script = ({ prompt }) => {
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
      bench.activities.judgeProblems({
        ...bench.context,
        batch: 0,
        minScore: 0.5,
        refine: false,
        plan: plan(),
      });
    const first = await judge();
    expect(first).toMatchObject({ accepted: 1, scores: [1, 0] });
    const lines = await bench.store.readJsonLines(bench.work('judged', '0.jsonl'), JudgedProblem);
    expect(lines.map(({ difficulty }) => difficulty)).toEqual([0.25, undefined]);
    const asked = bench.server.state.requests.length;
    expect(asked).toBe(2 * 3 + 1);
    expect({ ...(await judge()), seconds: 0 }).toEqual({ ...first, seconds: 0 });
    expect(bench.server.state.requests).toHaveLength(asked);
  });

  it('does without the difficulty that a judge does not tell', async () => {
    await bench.store.putJsonLines(bench.work('proposals', '0.jsonl'), [problem]);
    bench.server.state.script = ({ prompt }) =>
      prompt.includes('Estimate how difficult')
        ? { text: 'Hard to say.' }
        : { text: '{"score": 5 , "summary": "So."}', top: [{ '{"score":': 0 }, { ' 5': 0 }] };
    const judged = { ...bench.context, batch: 0, minScore: 0.5, refine: false, plan: plan() };
    expect(await bench.activities.judgeProblems(judged)).toMatchObject({ accepted: 1 });
    const [line] = await bench.store.readJsonLines(bench.work('judged', '0.jsonl'), JudgedProblem);
    expect(line).not.toHaveProperty('difficulty');
  });
});

describe('calibrateJudge', () => {
  it('measures how well the judge parts the planted problems', async () => {
    expect(await bench.activities.calibrateJudge(bench.context)).toMatchObject({
      auc: 0.5,
      good: 20,
      spoilt: 20,
    });
  });

  it('tells a judge that prefers a good problem from one that does not', async () => {
    bench.server.state.scoring = (_, before) => (before.includes('median of a non-empty list') ? -0.1 : -1);
    const { auc } = await bench.activities.calibrateJudge(bench.context);
    expect(auc).toBeCloseTo(0.5 + 0.5 / 20, 10);
  });
});
