/** A campaign with a curriculum: real proposals, plans and barriers; only what solves a problem is played. */
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCampaignActivities } from '../../activities/campaign/campaign-activities.ts';
import { createCurriculumActivities } from '../../activities/campaign/curriculum-activities.ts';
import { wholeRecords } from '../../activities/campaign/iteration-records.ts';
import { createReportActivities } from '../../activities/campaign/report-activities.ts';
import { createModelActivities } from '../../activities/model/model-activities.ts';
import { createModelClient } from '../../activities/model/model-client.ts';
import type { S3Store } from '../../activities/store/s3-store.ts';
import { CampaignConfig } from '../../core/config/campaign-config.ts';
import { messageOf } from '../../core/errors.ts';
import { layout } from '../../core/layout.ts';
import { CurriculumPlan } from '../../core/problems/curriculum/curriculum-plan.ts';
import { JudgedProblem, Problem } from '../../core/problems/problem.ts';
import type { PromptSet } from '../../core/prompts/prompt-set.ts';
import type { IterationRecord } from '../../core/report/iteration-record.ts';
import { selectToStore } from '../../core/selection/stored-selection.ts';
import { loadPromptSet } from '../../infra/prompts/load-prompt-set.ts';
import { reportQuery, retuneUpdate } from '../../workflows/messages.ts';
import { TASK_QUEUES } from '../../workflows/task-queues.ts';
import { workflowIds } from '../../workflows/workflow-ids.ts';
import { type ScriptedModelServer, startScriptedModelServer } from '../support/scripted-model-server.ts';
import { testStore } from '../support/store.ts';
import { fakeActivities } from './fake-activities.ts';
import { startSteered } from './steering/start-steered.ts';
import { startEnvironment, withWorkers } from './workflow-environment.ts';

let environment: TestWorkflowEnvironment;
let server: ScriptedModelServer;
beforeAll(async () => {
  environment = await startEnvironment();
  server = await startScriptedModelServer({ models: ['base', 'iteration-1'] });
}, 60_000);
afterAll(async () => {
  await server?.close();
  await environment?.teardown();
});

/** Candidates of 8 that agree, by topic. */
const AGREEING: Record<string, number> = { sure: 8, unsure: 4, hopeless: 0 };
const topicIn = (prompt: string): string => /# Topic: (\w+)\s*$/.exec(prompt)?.[1] ?? 'none';

const promptSet = async (): Promise<PromptSet> => {
  const small = await loadPromptSet('small');
  const difficulty = {
    ...{ form: 'regex' as const, ask: 'completion' as const, text: '{{stub}}\n# Difficulty:', prefix: '' },
    scale: { easy: 0, hard: 1 },
    sampling: { temperature: 0, topP: 1, maxTokens: 1, stop: [], samples: 1 },
  };
  return { ...small, stages: { ...small.stages, difficulty } };
};

/** What a selection of a problem of this topic would have stored. */
const selectionOf = (problemId: string, topic: string) => {
  const agreeing = AGREEING[topic] ?? 0;
  const candidates = Array.from({ length: 8 }, (_, n) => {
    const outputs = n < agreeing ? ['1', '2'] : [`${n}`, `${n + 10}`];
    const outcomes = topic === 'hopeless' ? (['error', 'error'] as const) : (['pass', 'pass'] as const);
    return { id: `c${n}`, outcomes: [...outcomes], outputs, code: `return ${n}`, perplexity: 1.1 };
  });
  const matrix = { id: problemId, tests: ['t1', 't2'], candidates };
  return selectToStore(matrix, {
    ...CampaignConfig.parse({ name: 'a', model: { base: 'b' } }).selection,
    ...{ signature: 'output' as const, seed: 1 },
  });
};

/** A step that fails fails the campaign, with the reason, rather than for ever. */
const failingAtOnce = (activities: object): object =>
  Object.fromEntries(
    Object.entries(activities).map(([name, run]) => [
      name,
      async (input: unknown) => {
        try {
          return await run(input);
        } catch (thrown) {
          throw ApplicationFailure.nonRetryable(`${name}: ${messageOf(thrown)}`);
        }
      },
    ]),
  );

const activitiesFor = (store: S3Store, campaignId: string) => {
  const { activities } = fakeActivities({ consensus: () => true, passAt1: (n) => n / 10 });
  const model = createModelActivities({ store, model: createModelClient({ url: server.url }) });
  const { proposeProblems, judgeProblems } = model;
  return {
    ...activities,
    ...createCampaignActivities({ store }),
    ...createCurriculumActivities({ store }),
    ...createReportActivities({ store }),
    ...{ proposeProblems, judgeProblems },
    askForServer: () =>
      environment.client.workflow.getHandle(`campaign/${campaignId}`).signal('leaseGranted'),
    prepareHeldout: async (i: { iteration: number }) => {
      await store.putJson(layout.work({ campaignId }, i.iteration, 'heldout.json'), { problems: [] });
      return { heldout: 1, training: 5 };
    },
    publishDataset: async () => ({ pairs: 5, newPairs: 5, contaminated: 0, uri: 's3://d', seconds: 0 }),
    selectCandidate: async (i: { iteration: number; problemId: string }) => {
      const work = (folder: string) =>
        layout.work({ campaignId }, i.iteration, folder, `${i.problemId}.json`);
      const { topic } = await store.readJson(work('problems'), Problem);
      const selection = selectionOf(i.problemId, topic);
      await store.putJson(work('selections'), selection);
      await store.putJson(work('tests'), { tests: [{ id: 't1' }, { id: 't2' }], dropped: [] });
      const { selected } = selection;
      const told = { clusters: 2, candidates: 8, identicalTexts: 0, droppedTests: 0, seconds: 0 };
      return { selected, share: selection.evidence?.clusterShare ?? 0, ...told };
    },
  };
};

describe('a campaign with a curriculum', () => {
  it('plans the second iteration by the consensus of the first, and reports both', async () => {
    const { store, prefix: name } = await testStore();
    // Seeds part the texts, so that none repeats another; hard ones take the harder half.
    server.state.script = ({ prompt, seed }) =>
      prompt.endsWith('# Difficulty:')
        ? { text: ' hard', top: [{ ' hard': -0.1, ' easy': -2.3 }] }
        : {
            text: `\ndef ${topicIn(prompt)}_${seed}(number: int) -> int:\n    """Return ${topicIn(prompt)} ${seed} of number ${seed * 7}."""`,
          };
    await store.put(layout.topics(name), 'sure\nunsure\nhopeless\n');
    await store.putJson(layout.prompts(name), await promptSet());
    const config = CampaignConfig.parse({
      ...{ name, model: { base: 'base' }, candidates: { count: 8, chunk: 8 } },
      problems: {
        ...{ count: 12, batch: 8, minScore: 0.1, similarity: 1, refine: false },
        curriculum: { start: 0.4, end: 0.5, pace: 2, surplus: 0.5 },
      },
      ...{ iterations: { max: 2 }, concurrency: { problems: 6 } },
    });
    const records = await withWorkers(environment, failingAtOnce(activitiesFor(store, name)), async () => {
      const handle = await environment.client.workflow.start('campaign', {
        workflowId: workflowIds.campaign(name),
        taskQueue: TASK_QUEUES.control,
        args: [{ config, server: 'test' }],
      });
      await handle.result();
      return wholeRecords(store, name, await handle.query(reportQuery));
    });
    const at = { campaignId: name };
    const plans = await Promise.all(
      [1, 2].map((n) => store.readJson(layout.curriculum(at, n, 'plan'), CurriculumPlan)),
    );
    const quotas = plans.map(({ topics }) => Object.fromEntries(topics.map((one) => [one.topic, one.quota])));
    expect(quotas[0]).toEqual({ hopeless: 4, sure: 4, unsure: 4 });
    expect(quotas[1]?.unsure).toBeGreaterThan(5);
    expect(plans.map(({ target }) => target)).toEqual([0.4, 0.5]);
    expect(plans[1]).toMatchObject({ measured: 12, measuredIn: [1], judge: { pairs: 12 } });

    // The problems that were solved are those planned, each rated by the judge.
    for (const n of [1, 2]) {
      const lines = await store.readJsonLines(layout.problems(at, n), JudgedProblem);
      const kept = lines.filter(({ accepted }) => accepted);
      expect(kept).toHaveLength(12);
      expect(lines.length).toBeGreaterThanOrEqual(18);
      for (const { difficulty } of kept) expect(difficulty).toBeCloseTo(0.9, 1);
      const topics = kept.map(({ problem }) => problem.topic);
      expect(topics.filter((topic) => topic === 'unsure')).toHaveLength(quotas[n - 1]?.unsure ?? -1);
    }
    const topicOf = (record: IterationRecord | undefined, topic: string) =>
      record?.work?.curriculum?.topics.find((one) => one.topic === topic);
    expect(topicOf(records[1], 'sure')).toMatchObject({ accepted: 4, decided: 4, agreement: 1 });
    expect(topicOf(records[1], 'unsure')).toMatchObject({ accepted: 4, decided: 4, agreement: 0.5 });
    expect(topicOf(records[1], 'hopeless')).toMatchObject({ accepted: 4, decided: 0, agreement: 0 });
    expect(records[2]?.work?.curriculum).toMatchObject({ target: 0.5, measuredBefore: 12, accepted: 12 });

    // Prompts ask for what each topic lacks: the level’s own example.
    const { stages } = await promptSet();
    const asked = server.state.requests
      .map(({ prompt }) => prompt)
      .filter((prompt) => topicIn(prompt) !== 'none');
    const [easiest = '', , hardest = ''] = stages.propose.levels ?? [];
    const second = asked.slice(-8);
    expect(second.some((prompt) => topicIn(prompt) === 'hopeless' && prompt.includes(easiest))).toBe(true);
    expect(second.some((prompt) => topicIn(prompt) === 'hopeless' && prompt.includes(hardest))).toBe(false);
  }, 300_000);

  it('begins in mid-campaign where a person switches it on, with the next iteration', async () => {
    const c = await startSteered(environment, 'switched-on', 'sketchInterface', { iterations: { max: 2 } });
    const { records, audit } = await withWorkers(environment, c.activities, async () => {
      await c.reached();
      const settings = { problems: { curriculum: { start: 0.2, end: 0.6, pace: 3 } } };
      await c.handle.executeUpdate(retuneUpdate, { args: [{ settings, by: 'ann' }] });
      const mistaken = { problems: { curriculum: { start: 0.9 } } };
      await expect(
        c.handle.executeUpdate(retuneUpdate, { args: [{ settings: mistaken }] }),
      ).rejects.toMatchObject({ cause: { message: expect.stringContaining('is below start (0.9)') } });
      c.open();
      await c.handle.result();
      return c.whole();
    });
    const planned = c.calls.filter(({ name }) => name === 'planCurriculum').map(({ input }) => input);
    expect(planned).toMatchObject([{ iteration: 2, step: 1, measuredIn: [1], count: 6 }]);
    const plansOf = (n: number) =>
      c.calls
        .filter(({ name, input }) => name === 'proposeProblems' && input.iteration === n)
        .map(({ input }) => input.plan);
    expect(new Set(plansOf(1))).toEqual(new Set([undefined]));
    // Three accepted a batch: 8 are wanted for 6.
    expect(plansOf(2)).toEqual(['plan-2', 'plan-2', 'plan-2']);
    expect(records[1]?.work?.curriculum).toBeUndefined();
    expect(records[2]?.work?.curriculum).toMatchObject({ target: 0.4 });
    expect(audit[0]?.detail).toContain('problems.curriculum none → ');
  }, 60_000);
});
