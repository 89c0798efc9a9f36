import { beforeAll, describe, expect, it } from 'vitest';
import { createCampaignActivities } from '../../activities/campaign/campaign-activities.ts';
import { createRoundActivities } from '../../activities/selection/round-activities.ts';
import { createSelectionActivities } from '../../activities/selection/selection-activities.ts';
import type { ObjectStore } from '../../activities/store/object-store.ts';
import { runAblation } from '../../cli/commands/ablate.ts';
import { CampaignConfig } from '../../core/config/campaign-config.ts';
import { layout } from '../../core/layout.ts';
import { storeSolvedProblem } from '../support/campaign-objects.ts';
import { testStore } from '../support/store.ts';

describe('ucoder ablate, given a campaign', () => {
  let store: ObjectStore;
  let campaignId: string;

  /** Two rounds of 16, each run apart; the rule stops after the second. */
  const adaptiveCampaign = async (): Promise<{ campaignId: string }> => {
    const made = `${campaignId}-rounds`;
    const config = CampaignConfig.parse({
      name: made,
      model: { base: 'm' },
      candidates: { count: 40, chunk: 2, adaptive: { first: 16 } },
      selection: { strategy: 'output-consensus', signature: 'output' },
    });
    await store.putJson(layout.config(made), config);
    const agreeing = (index: number): [string, string] => (index % 8 === 7 ? ['1', `${index}`] : ['1', '2']);
    const chunks = await storeSolvedProblem(
      store,
      made,
      1,
      'p0001',
      Array.from({ length: 32 }, (_, index) => ({ outputs: agreeing(index) })),
      16,
    );
    const step = { campaignId: made, iteration: 1, seed: config.seed, problemId: 'p0001' };
    const { closeRound } = createRoundActivities({ store });
    for (const round of [0, 1]) {
      const closed = await closeRound({
        ...step,
        rounds: round + 1,
        chunks: (round + 1) * 8,
        isLast: false,
        total: 40,
        risk: round === 0 ? 1e-12 : 0.02,
        policy: config.selection,
      });
      expect(closed.stop).toBe(round === 0 ? null : 'leader-safe');
    }
    const { selectCandidate } = createSelectionActivities({ store });
    await selectCandidate({ ...step, chunks, policy: config.selection });
    await store.putJson(layout.work({ campaignId: made }, 1, 'accepted.json'), ['p0001']);
    await createCampaignActivities({ store }).gatherResults({
      campaignId: made,
      iteration: 1,
      seed: config.seed,
    });
    return { campaignId: made };
  };

  beforeAll(async () => {
    const made = await testStore();
    store = made.store;
    campaignId = made.prefix;
    const config = CampaignConfig.parse({
      name: campaignId,
      model: { base: 'm' },
      selection: { signature: 'output' },
      iterations: { max: 3 },
    });
    await store.putJson(layout.config(campaignId), config);
    const problems = {
      p0001: [{ outputs: ['1', '2'] }, { outputs: ['1', '2'] }, { outputs: ['1', '3'], perplexity: 1.1 }],
      p0002: [{ outputs: ['None', 'None'] }, { outputs: ['None', 'None'] }],
    } as const;
    const step = { campaignId, iteration: 1, seed: config.seed };
    for (const [problemId, candidates] of Object.entries(problems)) {
      const chunks = await storeSolvedProblem(
        store,
        campaignId,
        1,
        problemId,
        candidates.map(({ outputs, ...rest }) => ({ outputs: [...outputs], ...rest })),
      );
      const { selectCandidate } = createSelectionActivities({ store });
      await selectCandidate({ ...step, problemId, chunks, policy: config.selection });
    }
    await store.putJson(layout.work({ campaignId }, 1, 'accepted.json'), Object.keys(problems));
    await createCampaignActivities({ store }).gatherResults(step);
  });

  it('replays every strategy over its stored matrices and compares with its choices', async () => {
    const ablation = await runAblation(campaignId, {}, async () => store);
    expect(ablation).toMatchObject({
      problems: 2,
      candidates: 5,
      tokens: 60,
      decided: 1,
      comparedWith: 'the campaign',
    });
    const rowOf = (name: string) => ablation.strategies.find(({ strategy }) => strategy === name);
    expect(rowOf('consensus')).toMatchObject({ decided: 1, agreed: 2, pairs: 1, tokensNeeded: 60 });
    expect(rowOf('lowest-perplexity')).toMatchObject({ decided: 1, agreed: 1, pairs: 1 });
    expect(rowOf('output-hash')).toMatchObject({ decided: 2, agreed: 1, pairs: 2 });
  });

  it('replays rounds of adaptive sampling as one matrix, with the tokens that each strategy would have needed', async () => {
    const { campaignId: name } = await adaptiveCampaign();
    const ablation = await runAblation(name, {}, async () => store);
    // 32 of 40 were sampled, in two rounds; consensus would have known after the first.
    expect(ablation).toMatchObject({ problems: 1, candidates: 32, tokens: 32 * 12, decided: 1 });
    const rowOf = (strategy: string) => ablation.strategies.find((row) => row.strategy === strategy);
    expect(rowOf('output-consensus')).toMatchObject({
      decided: 1,
      agreed: 1,
      pairs: 1,
      candidatesNeeded: 16,
      tokensNeeded: 16 * 12,
    });
  });

  it('says that there is no such campaign', async () => {
    await expect(runAblation('no-such-campaign', {}, async () => store)).rejects.toThrow(
      'There is no campaign, folder or file no-such-campaign.',
    );
  });
});
