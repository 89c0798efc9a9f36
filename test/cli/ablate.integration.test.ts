import { beforeAll, describe, expect, it } from 'vitest';
import { createCampaignActivities } from '../../activities/campaign/campaign-activities.ts';
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
    const ablation = await runAblation(campaignId, async () => store);
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

  it('says that there is no such campaign', async () => {
    await expect(runAblation('no-such-campaign', async () => store)).rejects.toThrow(
      'There is no campaign and no folder no-such-campaign.',
    );
  });
});
