import { beforeAll, describe, expect, it } from 'vitest';
import { createCampaignActivities } from '../../../activities/campaign/campaign-activities.ts';
import { createSelectionActivities } from '../../../activities/selection/selection-activities.ts';
import type { ObjectStore } from '../../../activities/store/object-store.ts';
import { readSelectionInReview, renderSelectionInReview } from '../../../cli/campaign/selection-in-review.ts';
import { SelectionConfig } from '../../../core/config/selection-config.ts';
import { layout } from '../../../core/layout.ts';
import { Selection } from '../../../core/selection/selection.ts';
import { StoredSelection } from '../../../core/selection/stored-selection.ts';
import { type SolvedCandidate, storeSolvedProblem } from '../../support/campaign-objects.ts';
import { testStore } from '../../support/store.ts';

const policy = SelectionConfig.parse({ signature: 'output' });

describe('selectCandidate', () => {
  let store: ObjectStore;
  let campaignId: string;
  beforeAll(async () => {
    const made = await testStore();
    store = made.store;
    campaignId = made.prefix;
  });

  const selectOf = async (problemId: string, candidates: SolvedCandidate[]) => {
    const chunks = await storeSolvedProblem(store, campaignId, 1, problemId, candidates);
    const { selectCandidate } = createSelectionActivities({ store });
    return selectCandidate({ campaignId, iteration: 1, seed: 1, problemId, chunks, policy });
  };

  it('chooses by outputs and perplexity, and stores why', async () => {
    const result = await selectOf('p0001', [
      { outputs: ['1', '2'], perplexity: 1.2 },
      { outputs: ['1', '2'], perplexity: 1.1 },
      { outputs: ['1', '3'] },
      { outputs: [null, null] },
    ]);
    expect(result).toMatchObject({
      selected: 'c0002',
      share: 0.5,
      clusters: 2,
      candidates: 4,
      identicalTexts: 2,
      droppedTests: 0,
    });
    const key = layout.work({ campaignId }, 1, 'selections', 'p0001.json');
    const stored = await store.readJson(key, Selection);
    expect(stored).toMatchObject({ id: 'p0001', selected: 'c0002', evidence: { perplexity: 1.1 } });
    expect(stored.rejected).toEqual([{ id: 'c0004', reason: 'reliability 0 < 0.8' }]);
  });

  it('stores and tells a reason where there is no consensus', async () => {
    const result = await selectOf('p0002', [{ outputs: ['None', 'None'] }, { outputs: ['None', 'None'] }]);
    expect(result).toMatchObject({ selected: null, share: 0 });
    expect(result.reason).toContain('the same entry for all 2 tests: None');
  });

  it('summarises the gathered selections of an iteration', async () => {
    await selectOf('p0004', [{ outputs: ['1', '2'], perplexity: 1.2 }, { outputs: ['1', '2'] }]);
    await store.putJson(layout.work({ campaignId }, 1, 'accepted.json'), ['p0004', 'p0009']);
    const step = { campaignId, iteration: 1, seed: 1 };
    await createCampaignActivities({ store }).gatherResults(step);
    const summary = await createSelectionActivities({ store }).summariseConsensus(step);
    expect(summary).toMatchObject({ problems: 1, decided: 1, largestShare: 1, tests: { contradicted: 2 } });
    expect(summary.perplexity.candidates.reduce((sum, n) => sum + n, 0)).toBe(1);
  });

  it('gathers again after a retry, beside the first run, with what a person decided', async () => {
    await selectOf('p0009', [{ outputs: ['1', '2'] }, { outputs: ['1', '2'] }, { outputs: ['3', '4'] }]);
    const first = { campaignId, iteration: 1, seed: 1 };
    const { hasProgram } = createSelectionActivities({ store });
    expect(await hasProgram({ ...first, problemId: 'p0009', candidate: 'c0003' })).toBe(true);
    expect(await hasProgram({ ...first, problemId: 'p0009', candidate: 'c0099' })).toBe(false);
    const again = { ...first, revisions: { '1': { dataset: 1 } } };
    const review = { problemId: 'p0009', decision: 'replace', candidate: 'c0003', by: 'person' } as const;
    await createCampaignActivities({ store }).gatherResults({ ...again, reviews: [review] });
    const lines = await store.readJsonLines(layout.selections(again, 1), StoredSelection);
    expect(lines.find(({ id }) => id === 'p0009')).toMatchObject({ selected: 'c0003' });
    expect(layout.selections(again, 1)).toContain('/iterations/1.r1/');
    // What a person is shown before that.
    const seen = await readSelectionInReview(store, again, {
      ...{ iteration: 1, problemId: 'p0009', candidate: 'c0001', share: 0.67, until: 0 },
    });
    expect(seen.clusters.map(({ candidate }) => candidate)).toEqual(['c0001', 'c0003']);
    expect(renderSelectionInReview(seen)).toMatch(/1: c0001, 67 % +│ 2: c0003, 33 %/);
  });

  it('adopts the stored choice when it runs again', async () => {
    const first = await selectOf('p0003', [{ outputs: ['1', '2'] }, { outputs: ['1', '2'] }]);
    const { selectCandidate } = createSelectionActivities({ store });
    const again = await selectCandidate({
      campaignId,
      iteration: 1,
      seed: 1,
      problemId: 'p0003',
      chunks: 1,
      policy: { ...policy, minClusterSize: 3 },
    });
    expect({ ...again, seconds: 0 }).toEqual({ ...first, seconds: 0 });
  });
});
