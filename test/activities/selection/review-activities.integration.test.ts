import { beforeAll, describe, expect, it } from 'vitest';
import { createCampaignActivities } from '../../../activities/campaign/campaign-activities.ts';
import { createReviewActivities } from '../../../activities/selection/review-activities.ts';
import type { S3Store } from '../../../activities/store/s3-store.ts';
import { layout } from '../../../core/layout.ts';
import type { ReviewDecision } from '../../../core/steering/review.ts';
import { testStore } from '../../support/store.ts';

let store: S3Store;
let at: { campaignId: string; iteration: number; seed: number };
beforeAll(async () => {
  const { store: made, prefix } = await testStore();
  store = made;
  at = { campaignId: prefix, iteration: 1, seed: 1 };
});

const decision = (problemId: string, changes: Partial<ReviewDecision> = {}): ReviewDecision => ({
  ...{ problemId, decision: 'reject', by: 'person' },
  ...changes,
});

describe('decisions about selections', () => {
  it('stand as they were stored first, and through a retry of the failed problems', async () => {
    const reviews = createReviewActivities({ store });
    expect(await reviews.findReview({ ...at, problemId: 'p0001' })).toBeNull();
    expect(await reviews.keepReview({ ...at, review: decision('p0001') })).toEqual(decision('p0001'));
    const late = decision('p0001', { decision: 'accept', by: 'default' });
    expect(await reviews.keepReview({ ...at, review: late })).toEqual(decision('p0001'));
    const revisions = { '1': { dataset: 1 } };
    expect(await reviews.findReview({ ...at, revisions, problemId: 'p0001' })).toEqual(decision('p0001'));
    // Done again from its problems, other candidates are selected.
    const anew = { '1': { problems: 1, dataset: 1 } };
    expect(await reviews.findReview({ ...at, revisions: anew, problemId: 'p0001' })).toBeNull();
  });

  it('reach the gathered selections, those that nobody was asked about included', async () => {
    const ids = ['p0001', 'p0002', 'p0003'];
    await store.putJson(layout.work(at, 1, 'accepted.json'), ids);
    for (const id of ids)
      await store.putJson(layout.work(at, 1, 'selections', `${id}.json`), {
        selected: 'c0001',
        clusters: [],
      });
    await createReviewActivities({ store }).keepReview({
      ...at,
      review: decision('p0002', { by: 'default' }),
    });
    const told = decision('p0003', { decision: 'replace', candidate: 'c0002' });
    const { seconds, problems } = await createCampaignActivities({ store }).gatherResults({
      ...{ ...at, reviews: [decision('p0001'), told], unasked: true },
    });
    expect(problems).toBe(3);
    expect(seconds).toBeGreaterThanOrEqual(0);
    const text = (await store.read(layout.selections(at, 1))).toString();
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { problemId: 'p0001', selected: null, review: { by: 'person' } },
      { problemId: 'p0002', selected: null, review: { by: 'default' } },
      { problemId: 'p0003', selected: 'c0002', review: { by: 'person', instead: 'c0001' } },
    ]);
  });
});
