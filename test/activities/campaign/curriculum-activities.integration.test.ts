/** The curriculum’s activities over what the real stages store in a real S3 server. */
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createCampaignActivities } from '../../../activities/campaign/campaign-activities.ts';
import { createCurriculumActivities } from '../../../activities/campaign/curriculum-activities.ts';
import { createSelectionActivities } from '../../../activities/selection/selection-activities.ts';
import type { ObjectStore } from '../../../activities/store/object-store.ts';
import { CurriculumConfig } from '../../../core/config/curriculum-config.ts';
import { SelectionConfig } from '../../../core/config/selection-config.ts';
import { layout } from '../../../core/layout.ts';
import { CurriculumPlan } from '../../../core/problems/curriculum/curriculum-plan.ts';
import { TopicOutcome } from '../../../core/problems/curriculum/curriculum-record.ts';
import { JudgedProblem } from '../../../core/problems/problem.ts';
import { problemNamed, type SolvedCandidate, storeSolvedProblem } from '../../support/campaign-objects.ts';
import { testStore } from '../../support/store.ts';

let store: ObjectStore;
let campaignId: string;
let activities: ReturnType<typeof createCurriculumActivities>;
const settings = CurriculumConfig.parse({ start: 0.5 });
const policy = SelectionConfig.parse({ signature: 'output' });
const step = (iteration: number, revisions = {}) => ({ campaignId, iteration, seed: 3, revisions });

beforeEach(async () => {
  const made = await testStore();
  store = made.store;
  campaignId = made.prefix;
  activities = createCurriculumActivities({ store });
  await store.put(layout.topics(campaignId), 'sure\nunsure\nhopeless\nuntestable\n');
});

const agreeing: SolvedCandidate = { outputs: ['1', '2'] };
/** Agreement 1, 1/2 and 0. */
const POPULATIONS: Record<string, SolvedCandidate[]> = {
  sure: [agreeing, agreeing, agreeing, agreeing],
  unsure: [agreeing, agreeing, { outputs: ['3', '4'] }, { outputs: ['5', '6'] }],
  hopeless: [{ outputs: [null, null] }, { outputs: [null, null] }],
};
const PER_TOPIC = 4;

const judgedLine = (topic: string, index: number, over: Partial<JudgedProblem> = {}): JudgedProblem => {
  const problem = { ...problemNamed(`${topic}${index}`), topic };
  return {
    problem: { ...problem, docstring: `Return ${topic} variant ${index} of the numbers given.` },
    rating: { score: 0.9, reason: '', scores: {}, distribution: {} },
    refined: false,
    accepted: true,
    ...over,
  };
};

/** An iteration whose problems are solved as their topics say; those of `untestable` have one test. */
const solveIteration = async (iteration: number): Promise<void> => {
  const lines = ['sure', 'unsure', 'hopeless', 'untestable'].flatMap((topic) =>
    Array.from({ length: PER_TOPIC }, (_, index) => judgedLine(topic, index)),
  );
  await store.putJsonLines(layout.problems({ campaignId }, iteration), lines);
  const ids = lines.map(({ problem }) => problem.id);
  await store.putJson(layout.work({ campaignId }, iteration, 'accepted.json'), ids);
  for (const { problem } of lines) {
    const candidates = POPULATIONS[problem.topic];
    if (candidates) {
      const chunks = await storeSolvedProblem(store, campaignId, iteration, problem.id, candidates);
      const solved = { ...step(iteration), problemId: problem.id, chunks, policy };
      await createSelectionActivities({ store }).selectCandidate(solved);
    } else {
      const key = layout.work({ campaignId }, iteration, 'tests', `${problem.id}.json`);
      await store.putJson(key, { tests: [{ id: 't001' }], dropped: [] });
    }
  }
  await createCampaignActivities({ store }).gatherResults(step(iteration));
};

const plan = (iteration: number, measuredIn: number[], over: object = {}) =>
  activities.planCurriculum({
    ...step(iteration),
    ...{ settings, count: 40, step: iteration - 1, measuredIn, minimumTests: 2 },
    ...over,
  });
const storedPlan = (iteration: number) =>
  store.readJson(layout.curriculum({ campaignId }, iteration, 'plan'), CurriculumPlan);

describe('planCurriculum', () => {
  it('spreads the first iteration evenly and stores the plan', async () => {
    const planned = await plan(1, []);
    expect(planned).toEqual({
      ...{ plan: layout.curriculum({ campaignId }, 1, 'plan'), target: 0.5, wanted: 50 },
      seconds: expect.any(Number),
    });
    const { topics, measured } = await storedPlan(1);
    expect(measured).toBe(0);
    expect(topics.map(({ quota }) => quota)).toEqual([10, 10, 10, 10]);
  });

  it('is found again, and nothing where an iteration began without a plan', async () => {
    expect(await activities.findCurriculum(step(1))).toBeNull();
    const planned = await plan(1, []);
    expect({ ...(await activities.findCurriculum(step(1))), seconds: planned?.seconds }).toEqual(planned);
    expect(await activities.findCurriculum(step(1, { '1': { problems: 1 } }))).toBeNull();
  });

  it('follows the agreement that earlier iterations measured', async () => {
    await solveIteration(1);
    await plan(2, [1]);
    const { topics, measured } = await storedPlan(2);
    expect(measured).toBe(4 * PER_TOPIC);
    const of = (name: string) => topics.find(({ topic }) => topic === name);
    for (const name of ['sure', 'hopeless', 'untestable'])
      expect(of('unsure')?.quota).toBeGreaterThan(of(name)?.quota ?? 99);
    expect(of('sure')?.difficulty).toBeLessThan(0.3);
    expect(of('hopeless')?.difficulty).toBeGreaterThan(0.7);
    expect(of('untestable')?.difficulty).toBeGreaterThan(0.7);
    expect(of('sure')?.asked).toBeGreaterThan(of('unsure')?.asked ?? 1);
  });

  it('keeps the first plan, whatever it is asked later', async () => {
    const first = await plan(2, []);
    await solveIteration(1);
    expect(await plan(2, [1], { settings: CurriculumConfig.parse({ start: 0.1 }) })).toEqual({
      ...first,
      seconds: expect.any(Number),
    });
    expect((await storedPlan(2)).measured).toBe(0);
  });

  it('plans none for an iteration that began without', async () => {
    await store.putJson(layout.work({ campaignId }, 1, 'proposals', '0.json'), {});
    expect(await plan(1, [])).toBeNull();
  });

  it('plans anew where a person has the problems made again', async () => {
    await plan(1, []);
    const revisions = { '1': { problems: 1, dataset: 1 } };
    const again = await plan(1, [], { ...step(1, revisions), count: 8 });
    expect(again?.plan).toContain('/iterations/1.r1/');
    expect((await storedPlan(1)).count).toBe(40);
  });

  it('makes do with an iteration that gathered nothing', async () => {
    await plan(3, [1, 2]);
    expect(await storedPlan(3)).toMatchObject({ measured: 0, measuredIn: [1, 2] });
  });
});

describe('summariseCurriculum', () => {
  it('tells what came of the plan, and again after failed problems were tried again', async () => {
    const planned = await plan(1, []);
    if (!planned) throw new Error('There is a plan.');
    await solveIteration(1);
    const input = { ...step(1), plan: planned.plan, minimumTests: 2 };
    const { record } = await activities.summariseCurriculum(input);
    expect(record).toMatchObject({ target: 0.5, quota: 40, accepted: 16, measured: 16, decided: 8 });
    expect(record.agreement).toBeCloseTo((1 + 0.5) / 4, 5);
    expect(await activities.summariseCurriculum(input)).toMatchObject({ record });
    const key = layout.curriculum({ campaignId }, 1, 'outcome');
    const outcomes = await store.readJson(key, z.array(TopicOutcome));
    expect(outcomes.find(({ topic }) => topic === 'unsure')).toMatchObject({ decided: 4, agreement: 0.5 });
    const retried = { ...input, revisions: { '1': { dataset: 1 } } };
    await createCampaignActivities({ store }).gatherResults(retried);
    expect(await activities.summariseCurriculum(retried)).toMatchObject({ record });
    expect(layout.curriculum(retried, 1, 'outcome')).toContain('/1.r1/curriculum/outcome.json');
    expect(layout.curriculum(retried, 1, 'plan')).toBe(planned.plan);
  });
});

describe('gatherProblems', () => {
  it('keeps, of more than are needed, those nearest to the target', async () => {
    const planned = await plan(1, [], { count: 4 });
    const lines = ['sure', 'unsure', 'hopeless', 'untestable'].flatMap((topic) => [
      judgedLine(topic, 0, { difficulty: 1 }),
      judgedLine(topic, 1, { difficulty: 0.5 }),
    ]);
    await store.putJsonLines(layout.work({ campaignId }, 1, 'judged', '0.jsonl'), lines);
    const gathered = await createCampaignActivities({ store }).gatherProblems({
      ...step(1),
      ...{ batches: 1, limit: 4, similarity: 1, heldoutIteration: null, benchmarks: [] },
      ...(planned ? { plan: planned.plan } : {}),
    });
    expect(gathered).toMatchObject({ accepted: 4, duplicates: 0 });
    const stored = await store.readJsonLines(layout.problems({ campaignId }, 1), JudgedProblem);
    expect(stored).toHaveLength(8);
    for (const { accepted, difficulty, reason } of stored) {
      expect(accepted).toBe(difficulty === 0.5);
      if (!accepted) expect(reason).toContain('target difficulty');
    }
  });
});
