import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LeaderChance } from '../../../core/sampling/leader-chance.ts';
import { PredictiveUrn } from '../../../core/sampling/predictive-urn.ts';
import { samplingRounds } from '../../../core/sampling/rounds.ts';
import { riskOfStopping, stopReason } from '../../../core/sampling/stop-sampling.ts';
import { pairedBootstrap } from '../../../core/statistics/bootstrap.ts';
import { exactLeaderChance } from './exact-leader-chance.ts';
import {
  OurRule,
  RIVALS,
  RUN_LENGTH,
  recordedRuns,
  replay,
  runsOfTheBaseModel,
  runsOfTheProcess,
  STRONG_RUNS,
  WEAK_RUNS,
} from './stopping-rules.ts';

/** Those of the default settings. */
const LOOKS = [16, 32, 48, 64, 96];

describe('the stopping rule on runs of 128', () => {
  const populations = {
    strong: recordedRuns(STRONG_RUNS, 150, 1),
    weak: recordedRuns(WEAK_RUNS, 200, 2),
    'base model': runsOfTheBaseModel(),
  };
  const ours = {
    strong: new OurRule(populations.strong, LOOKS),
    weak: new OurRule(populations.weak, LOOKS),
    'base model': new OurRule(populations['base model'], LOOKS),
  };

  it.each([
    ['strong', 0.02, 0.99, 0.3],
    ['weak', 0.1, 0.98, 0.5],
    ['weak', 0.02, 0.99, 0.65],
    ['base model', 0.02, 0.99, 0.66],
  ] as const)(
    'on the %s population with risk %d finds %d of the winners with %d of the candidates',
    (name, risk, agreement, share) => {
      const found = ours[name].at(risk);
      expect(found.agreement).toBeGreaterThanOrEqual(agreement);
      expect(found.candidates).toBeLessThanOrEqual(share * RUN_LENGTH);
    },
  );

  it.each([0.02, 0.1, 0.3])('keeps risk %d over many looks at the process that it assumes', (risk) => {
    const looks = [8, 16, 24, 32, 48, 64, 80, 96];
    const { agreement } = new OurRule(runsOfTheProcess(100, 5), looks).at(risk);
    expect(1 - agreement).toBeLessThanOrEqual(risk);
  });

  it.each(['strong', 'weak', 'base model'] as const)(
    'is not significantly worse than any rival at the rival’s own budget (%s)',
    (name) => {
      for (const { name: rivalName, stops } of RIVALS) {
        const rival = replay(populations[name], LOOKS, stops);
        const found = ours[name].within(rival.candidates);
        const difference = pairedBootstrap(rival.agreed, found.agreed);
        expect(difference.high, `${rivalName} at ${rival.candidates}`).toBeGreaterThanOrEqual(0);
      }
    },
  );
});

describe('stopReason', () => {
  const rule = { risk: 0.01, minClusterSize: 2, minShare: 0 };

  it('stops where nothing that is left can change the outcome, at any risk', () => {
    expect(stopReason({ sizes: [65, 10], sampled: 100, total: 128 }, { ...rule, risk: 0 })).toBe(
      'leader-safe',
    );
    expect(stopReason({ sizes: [28, 13], sampled: 100, total: 128 }, { ...rule, risk: 0 })).toBeUndefined();
  });

  it('stops where no cluster will be large enough', () => {
    const scattered = { sizes: [2, 2, 1, 1, 1, 1, 1, 1], sampled: 32, total: 128 };
    expect(stopReason(scattered, { ...rule, minShare: 0.35 })).toBe('no-consensus-likely');
    expect(stopReason(scattered, { ...rule, minShare: 0.05 })).toBeUndefined();
    expect(stopReason({ sizes: [], sampled: 16, total: 128 }, rule)).toBeUndefined();
  });

  it('does not depend on the order of the clusters, and never stops at a tie', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }), (sizes) => {
        const sampled = sizes.reduce((sum, size) => sum + size, 0);
        const at = (order: readonly number[]) =>
          stopReason({ sizes: order, sampled, total: sampled + 20 }, rule);
        expect(at([...sizes].reverse())).toBe(at(sizes));
        expect(at([...sizes, Math.max(2, ...sizes)])).toBeUndefined();
      }),
    );
  });
});

describe('the predictive urn', () => {
  const DISCOUNT_OF_ONE_SINGLE = 1 / 3;

  /** Every way in which `left` candidates may come, one after the other, by the process as it is defined. */
  const enumerate = (
    sizes: readonly number[],
    nowhere: number,
    left: number,
    discount: number,
    holds: (sizes: readonly number[]) => boolean,
  ): number => {
    if (left === 0) return holds(sizes) ? 1 : 0;
    const sampled = sizes.reduce((sum, size) => sum + size, 0) + nowhere;
    const further = (next: readonly number[], lost: number) =>
      enumerate(next, lost, left - 1, discount, holds);
    let chance = (0.5 + discount * sizes.length) * further([...sizes, 1], nowhere);
    if (nowhere > 0) chance += nowhere * further(sizes, nowhere + 1);
    sizes.forEach((size, at) => {
      chance += (size - discount) * further(sizes.with(at, size + 1), nowhere);
    });
    return chance / (sampled + 0.5);
  };

  it.each([
    { sizes: [3, 3, 2], nowhere: 1, left: 5, discount: 0 },
    { sizes: [4, 2, 1], nowhere: 3, left: 5, discount: 1 / 5 },
    { sizes: [3, 1], nowhere: 0, left: 6, discount: DISCOUNT_OF_ONE_SINGLE },
    { sizes: [1], nowhere: 2, left: 6, discount: DISCOUNT_OF_ONE_SINGLE },
    { sizes: [], nowhere: 4, left: 6, discount: 0 },
  ])('gives the chances of every way to go on from %j', ({ sizes, nowhere, left, discount }) => {
    const sampled = sizes.reduce((sum, size) => sum + size, 0) + nowhere;
    const urn = new PredictiveUrn({ sizes, sampled, total: sampled + left });
    for (const needed of [2, 3, 4, 6]) {
      const none = enumerate(sizes, nowhere, left, discount, (end) => end.every((size) => size < needed));
      expect(urn.chanceThatNoneReaches(needed)).toBeCloseTo(none, 10);
      if (sizes.length === 0) continue;
      const stays = enumerate(
        sizes,
        nowhere,
        left,
        discount,
        ([leader = 0, ...rest]) => leader >= needed && rest.every((size) => size < leader),
      );
      expect(exactLeaderChance(urn, needed)).toBeCloseTo(stays, 10);
      expect(new LeaderChance(urn, needed).chance()).toBeCloseTo(stays, 10);
    }
  });

  it('gives chances, which fall where more is left to come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }),
        fc.nat({ max: 40 }),
        (sizes, nowhere) => {
          const sampled = sizes.reduce((sum, size) => sum + size, 0) + nowhere;
          const [leader = 0] = [...sizes].sort((a, b) => b - a);
          const at = (left: number) =>
            new PredictiveUrn({ sizes, sampled, total: sampled + left }).chanceThatNoneReaches(leader + 1);
          expect(at(0)).toBeCloseTo(1, 10);
          expect(at(5)).toBeLessThanOrEqual(at(3) + 1e-9);
          expect(at(60)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

describe('the chance that the leader stays', () => {
  const urns = fc
    .record({
      sizes: fc.array(fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 })), {
        minLength: 1,
        maxLength: 12,
      }),
      nowhere: fc.oneof(fc.constant(0), fc.nat({ max: 60 })),
      left: fc.integer({ min: 1, max: 90 }),
    })
    .map(({ sizes, nowhere, left }) => {
      const sampled = sizes.reduce((sum, size) => sum + size, 0) + nowhere;
      return new PredictiveUrn({ sizes, sampled, total: sampled + left });
    });

  it('is that of the products of series, between its bounds', () => {
    fc.assert(
      fc.property(urns, fc.nat({ max: 40 }), (urn, needed) => {
        const leading = new LeaderChance(urn, needed);
        const exact = exactLeaderChance(urn, needed);
        const { low, high } = leading.lossBounds();
        expect(Math.abs(leading.chance() - exact)).toBeLessThan(1e-9);
        expect(low).toBeLessThanOrEqual(1 - exact + 1e-9);
        expect(high).toBeGreaterThanOrEqual(1 - exact - 1e-9);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    { sizes: [5, 4, 2, 1, 1, 1], sampled: 16, total: 256 },
    { sizes: [45, 40, 12, 3, 1], sampled: 150, total: 256 },
    { sizes: [2, 1, 1, 1, 1, 1, 1], sampled: 12, total: 256 },
  ])('is the same for many candidates: $sizes of $total', (soFar) => {
    const urn = new PredictiveUrn(soFar);
    expect(Math.abs(new LeaderChance(urn, 2).chance() - exactLeaderChance(urn, 2))).toBeLessThan(1e-9);
  });

  it('stops where its exact value says so, whether or not bounds settle it', () => {
    fc.assert(
      fc.property(urns, fc.constantFrom(0.01, 0.05, 0.2), ({ sizes, left, nowhere }, risk) => {
        const sampled = sizes.reduce((sum, size) => sum + size, 0) + nowhere;
        const soFar = { sizes, sampled, total: sampled + left };
        const rule = { risk, minClusterSize: 1, minShare: 0 };
        const exact = riskOfStopping(soFar, rule).risk;
        fc.pre(Math.abs(exact - risk) > 1e-9);
        expect(stopReason(soFar, rule) !== undefined).toBe(exact <= risk);
      }),
    );
  });
});

describe('samplingRounds', () => {
  it.each<[Parameters<typeof samplingRounds>[0], number[]]>([
    [{ count: 128, chunk: 16, adaptive: { first: 16, risk: 0.02, looks: 'doubling' } }, [1, 1, 2, 4]],
    [{ count: 128, chunk: 32, adaptive: { first: 16, risk: 0.02, looks: 'doubling' } }, [1, 1, 2]],
    [{ count: 100, chunk: 8, adaptive: { first: 20, risk: 0.02, looks: 'doubling' } }, [3, 3, 6, 1]],
    [{ count: 128, chunk: 16, adaptive: { first: 16, risk: 0.02, looks: 'halfway' } }, [1, 1, 1, 1, 2, 2]],
    [{ count: 128, chunk: 32, adaptive: { first: 16, risk: 0.02, looks: 'halfway' } }, [1, 1, 1, 1]],
    [{ count: 64, chunk: 4, adaptive: { first: 16, risk: 0.02, looks: 'halfway' } }, [4, 2, 2, 4, 4]],
    [{ count: 128, chunk: 16 }, [8]],
  ])('of %j are chunks %j', (settings, chunks) => {
    const rounds = samplingRounds(settings);
    expect(rounds.map(({ count }) => count)).toEqual(chunks);
    let first = 0;
    for (const round of rounds) {
      expect(round.first).toBe(first);
      first += round.count;
    }
  });
});
