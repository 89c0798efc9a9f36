/** Each alarm just below its threshold, at it, and without what it looks at. */
import { describe, expect, it } from 'vitest';
import { WatchConfig } from '../../../core/config/campaign-config.ts';
import { ALARMS, findAlarms } from '../../../core/report/alarms.ts';
import { UNSTABLE_WINNER } from '../../../core/report/hacking-watch.ts';
import type { IterationRecord, IterationWork } from '../../../core/report/iteration-record.ts';
import { summariseConsensus } from '../../../core/selection/consensus-summary.ts';
import { recordsOf, scoreWith, workWith } from './records.ts';

const record = (n: number, changes: Partial<IterationRecord>): IterationRecord => ({
  ...{ n, evaluation: [], stages: {} },
  ...changes,
});
const alarmsOf = (records: readonly IterationRecord[], watch = {}) =>
  findAlarms(records, WatchConfig.parse(watch)).map(({ iteration, alarm }) => `${iteration} ${alarm}`);
const ofWork = (changes: Partial<IterationWork>, watch = {}) =>
  alarmsOf([record(1, { work: workWith(changes) })], watch);

/** Counts of clusters by the tenth of their share. */
const bins = (counts: Record<number, number>): number[] =>
  Array.from({ length: 10 }, (_, bin) => counts[bin] ?? 0);
const heldout = (passed: number, total: number) => ({ set: 'heldout', score: scoreWith(passed, total) });

describe('agreement-without-skill', () => {
  const iteration = (n: number, shares: Record<number, number>, passed: number, total = 100) =>
    record(n, { work: workWith({ shareBins: bins(shares) }), validation: heldout(passed, total) });

  it('begins at a rise of 0.05, whatever the number of clusters', () => {
    for (const clusters of [1, 3, 7, 49, 1000]) {
      // Half of the clusters move up by a tenth: the mean rises by 0.05.
      const before = iteration(1, { 4: 2 * clusters }, 50);
      expect(alarmsOf([before, iteration(2, { 4: clusters, 5: clusters }, 49)])).toEqual([
        '2 agreement-without-skill',
      ]);
      expect(alarmsOf([before, iteration(2, { 4: clusters + 1, 5: clusters - 1 }, 49)])).toEqual([]);
    }
  });

  it('needs validation to fall, not to stay', () => {
    const before = iteration(1, { 4: 6 }, 50);
    expect(alarmsOf([before, iteration(2, { 9: 6 }, 50)])).toEqual([]);
    expect(alarmsOf([before, iteration(2, { 9: 6 }, 49)])).toEqual(['2 agreement-without-skill']);
  });

  it('has nothing to compare the first iteration with, nor one that was not validated', () => {
    expect(alarmsOf([iteration(1, { 9: 6 }, 10)])).toEqual([]);
    const base = record(0, { validation: heldout(90, 100) });
    expect(alarmsOf([base, iteration(1, { 9: 6 }, 10)])).toEqual([]);
    const unvalidated = record(1, { work: workWith({ shareBins: bins({ 0: 6 }) }) });
    expect(alarmsOf([unvalidated, iteration(2, { 9: 6 }, 10)])).toEqual([]);
    expect(alarmsOf([iteration(1, { 0: 6 }, 50), record(2, { work: workWith() })])).toEqual([]);
  });

  it('takes an iteration that chose nothing, or asked nothing, for no share and no score', () => {
    const before = iteration(1, { 4: 6 }, 50);
    expect(alarmsOf([iteration(1, {}, 50), iteration(2, { 9: 6 }, 10)])).toEqual([]);
    expect(alarmsOf([before, iteration(2, {}, 60), iteration(3, { 9: 6 }, 55)])).toEqual([]);
    expect(alarmsOf([before, iteration(2, {}, 60), iteration(3, { 9: 6 }, 49)])).toEqual([
      '3 agreement-without-skill',
    ]);
    expect(alarmsOf([before, iteration(2, { 9: 6 }, 0, 0)])).toEqual([]);
  });
});

describe('agreement-without-skill, after a person went back', () => {
  const iteration = (n: number, shares: Record<number, number>, passed: number) =>
    record(n, { work: workWith({ shareBins: bins(shares) }), validation: heldout(passed, 100) });
  const records = [iteration(1, { 2: 6 }, 50), iteration(2, { 6: 6 }, 30), iteration(3, { 6: 6 }, 40)];
  const alarms = (rollback?: { to: number; since: number }) =>
    findAlarms(records, WatchConfig.parse({}), rollback).map(({ iteration: n }) => n);

  it('compares with the iteration gone back to, not with what was given up', () => {
    expect(alarms()).toEqual([2]);
    expect(alarms({ to: 1, since: 2 })).toEqual([2, 3]);
  });
});

describe('validation-without-benchmark', () => {
  const iteration = (validation: readonly [number, number], benchmark: readonly [number, number]) =>
    record(1, {
      validation: { set: 'heldout', score: scoreWith(validation[1], 20, validation[0]) },
      evaluation: [{ set: 'humaneval', score: scoreWith(benchmark[1], 20, benchmark[0]) }],
    });

  it('needs more gained than lost on the one and more lost than gained on the other', () => {
    expect(alarmsOf([iteration([5, 6], [5, 4])])).toEqual(['1 validation-without-benchmark']);
    expect(alarmsOf([iteration([5, 5], [5, 4])])).toEqual([]);
    expect(alarmsOf([iteration([5, 6], [5, 5])])).toEqual([]);
  });

  it('says nothing of the base, which is compared with nothing', () => {
    expect(alarmsOf([record(0, { validation: heldout(1, 4), evaluation: [heldout(1, 4)] })])).toEqual([]);
  });
});

describe('collapse', () => {
  const identical = (identicalTexts: number, sampled: number) =>
    ofWork({ candidates: { sampled, discarded: {}, identicalTexts, executed: 1 } });

  it('begins at half of the candidates', () => {
    expect(identical(50, 100)).toEqual(['1 collapse']);
    expect(identical(49, 100)).toEqual([]);
    expect(identical(0, 0)).toEqual([]);
  });
});

describe('one-text-clusters', () => {
  const clusters = (oneTextClusters: number, decided: number) =>
    ofWork({ consensus: { ...summariseConsensus([]), problems: 10, decided, oneTextClusters } });

  it('begins at half of the decided problems', () => {
    expect(clusters(3, 6)).toEqual(['1 one-text-clusters']);
    expect(clusters(2, 5)).toEqual([]);
    expect(clusters(0, 0)).toEqual([]);
  });
});

describe('hostile-programs', () => {
  it('begins at a twentieth of the verdicts', () => {
    expect(ofWork({ verdicts: { pass: 95, crash: 5 } })).toEqual(['1 hostile-programs']);
    expect(ofWork({ verdicts: { pass: 96, crash: 4 } })).toEqual([]);
    expect(ofWork({ verdicts: {} })).toEqual([]);
  });
});

describe('reward-hacking and unstable-winners', () => {
  const signs = (any: number, sampled: number, hackingShare: number) =>
    ofWork(
      { candidates: { sampled, discarded: {}, identicalTexts: 0, executed: 1 }, hacking: { any, exit: any } },
      { hackingShare },
    );
  const unstable = (winners: number, consensus: number, hackingShare: number) =>
    ofWork(
      {
        problems: { ...workWith().problems, outcomes: { consensus } },
        hacking: { [UNSTABLE_WINNER]: winners },
      },
      { hackingShare },
    );

  it('begin above the share that is set', () => {
    for (const [share, whole, at] of [
      [0.02, 100, 2],
      [0.07, 100, 7],
      [0.3, 10, 3],
      [0, 50, 0],
    ] as const) {
      expect(signs(at, whole, share)).toEqual([]);
      expect(signs(at + 1, whole, share)).toEqual(['1 reward-hacking']);
      expect(unstable(at, whole, share)).toEqual([]);
      expect(unstable(at + 1, whole, share)).toEqual(['1 unstable-winners']);
    }
  });

  it('say nothing where nothing was sampled, chosen or counted', () => {
    expect(signs(0, 0, 0)).toEqual([]);
    expect(unstable(0, 0, 0)).toEqual([]);
    const { outcomes: _, ...problems } = workWith().problems;
    expect(ofWork({ problems: { ...problems, outcomes: {} }, hacking: {} }, { hackingShare: 0 })).toEqual([]);
  });

  it('tell counts, so that one of many is not told as none', () => {
    const work = workWith({
      candidates: { sampled: 5000, discarded: {}, identicalTexts: 0, executed: 1 },
      hacking: { any: 1, exit: 1 },
    });
    const [alarm] = findAlarms([record(1, { work })], WatchConfig.parse({ hackingShare: 0 }));
    expect(alarm?.message).toMatch(/^1 of 5000 candidates .*: exit 1$/);
  });
});

describe('judge-blind', () => {
  const judge = (low: number, auc: number, high: number) =>
    ofWork({ judge: { auc, low, high, good: 20, spoilt: 20 } });

  it('is raised where the interval reaches 0.5, or lies below it', () => {
    expect(judge(0.501, 0.7, 0.9)).toEqual([]);
    expect(judge(0.5, 0.7, 0.9)).toEqual(['1 judge-blind']);
    expect(judge(0, 0.5, 1)).toEqual(['1 judge-blind']);
    expect(judge(0.1, 0.2, 0.3)).toEqual(['1 judge-blind']);
  });

  it('says nothing where no judge was calibrated', () => {
    const { judge: _, ...work } = workWith();
    expect(alarmsOf([record(1, { work })])).toEqual([]);
  });
});

it('a healthy campaign raises no alarm', () => {
  expect(alarmsOf(recordsOf())).toEqual([]);
});

describe('a campaign with nothing', () => {
  it('raises no alarm, begun or empty', () => {
    expect(alarmsOf([])).toEqual([]);
    expect(alarmsOf([record(0, {})])).toEqual([]);
    expect(
      ofWork({
        ...{ verdicts: {}, shareBins: bins({}), consensus: summariseConsensus([]) },
        candidates: { sampled: 0, discarded: {}, identicalTexts: 0, executed: 0 },
        problems: {
          ...workWith().problems,
          ...{ proposed: 0, accepted: 0, discarded: {}, outcomes: {}, scoreBins: bins({}) },
        },
      }),
    ).toEqual([]);
  });

  it('knows alarms by one name each', () => {
    expect(new Set(ALARMS).size).toBe(ALARMS.length);
  });
});
