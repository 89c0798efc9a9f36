import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { riskOfLook, samplingRounds } from '../../../core/sampling/rounds.ts';
import { stopReason } from '../../../core/sampling/stop-sampling.ts';
import { betaBinomial } from '../../../core/statistics/beta-binomial.ts';
import {
  betaRule,
  type RecordedRun,
  type Replay,
  RUN_LENGTH,
  type RunModel,
  recordedRuns,
  replay,
  runsOfTheBaseModel,
  sizesOf,
  windowRule,
} from './stopping-rules.ts';

const LOOKS = [16, 32, 64];

/** Right on most problems, with few shared mistakes. */
const STRONG: RunModel = { leading: (u) => 0.3 + 0.65 * u, kinds: 12, steepness: 1, lost: 0.05 };
/** Rarely right: the leader holds a tenth or a third, the rest scatters. */
const WEAK: RunModel = { leading: (u) => 0.1 + 0.3 * u, kinds: 60, steepness: 0.7, lost: 0.3 };

const ours =
  (risk: number, looks: readonly number[] = LOOKS) =>
  (run: RecordedRun, sampled: number): boolean =>
    stopReason(
      { sizes: [...sizesOf(run, sampled).values()], sampled, total: RUN_LENGTH },
      { risk: riskOfLook(risk, looks.length + 1), minClusterSize: 2, minShare: 0 },
    ) !== undefined;

/** Between two risks, a coin that chooses one of them for each problem. */
const agreementAt = (curve: readonly Replay[], budget: number): number => {
  const points = [...curve].sort((a, b) => a.candidates - b.candidates);
  const above = points.findIndex(({ candidates }) => candidates >= budget);
  const [low, high] = [points[above - 1], points[above]];
  if (!high) return points.at(-1)?.agreement ?? 0;
  if (!low) return high.agreement;
  const part = (budget - low.candidates) / (high.candidates - low.candidates);
  return low.agreement + part * (high.agreement - low.agreement);
};

const show = (name: string, { agreement, candidates }: { agreement: number; candidates: number }) =>
  console.info(
    `${name}: ${(agreement * 100).toFixed(1)} % as all ${RUN_LENGTH}, ${candidates.toFixed(1)} candidates`,
  );

describe('the stopping rule on runs of 128', () => {
  const strong = recordedRuns(STRONG, 1000, 1);
  const weak = recordedRuns(WEAK, 500, 2);
  const recorded = runsOfTheBaseModel();

  it('finds the winner of all candidates in 99 % of problems with half of them', () => {
    const found = replay(strong, LOOKS, ours(0.02));
    show('ours, stronger model', found);
    expect(found.agreement).toBeGreaterThanOrEqual(0.99);
    expect(found.candidates).toBeLessThanOrEqual(RUN_LENGTH / 2);
  });

  it('keeps its promise where the model is weak', () => {
    const found = replay(weak, LOOKS, ours(0.02));
    show('ours, weak model', found);
    expect(found.agreement).toBeGreaterThanOrEqual(0.98);
  });

  it('finds the winner of all candidates on nearly every problem of the base model, with a sixth fewer', () => {
    const found = replay(recorded, LOOKS, ours(0.02));
    show('ours, base model', found);
    expect(found.agreement).toBeGreaterThanOrEqual(0.99);
    expect(found.candidates).toBeLessThanOrEqual((RUN_LENGTH * 5) / 6);
  });

  it.each([
    ['stronger', strong],
    ['weak', weak],
  ])('is no worse than its rivals at any budget of theirs (%s model)', (_, runs) => {
    const looks = [8, 16, 32, 48, 64, 96];
    const some = runs.slice(0, 200);
    const curve = [0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.005, 1e-3, 1e-5, 0].map((risk) =>
      replay(some, looks, ours(risk, looks)),
    );
    for (const rule of [...[0.8, 0.9, 0.95, 0.99, 0.999].map(betaRule), ...[4, 8, 16].map(windowRule)]) {
      const rival = replay(some, looks, rule);
      expect(
        agreementAt(curve, rival.candidates),
        `at ${rival.candidates} candidates`,
      ).toBeGreaterThanOrEqual(rival.agreement - 0.01);
    }
  });
});

describe('stopReason', () => {
  const rule = { risk: 0.01, minClusterSize: 2, minShare: 0 };

  it('stops where nothing that is left can change the outcome, at any risk', () => {
    expect(stopReason({ sizes: [65, 10], sampled: 100, total: 128 }, { ...rule, risk: 0 })).toBe(
      'leader-safe',
    );
    expect(stopReason({ sizes: [40, 13], sampled: 100, total: 128 }, { ...rule, risk: 0 })).toBeUndefined();
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

describe('betaBinomial', () => {
  it('is a distribution with the mean of its urn', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 112 }),
        fc.double({ min: 0.05, max: 128, noNaN: true }),
        fc.double({ min: 0.05, max: 128, noNaN: true }),
        (draws, a, b) => {
          const chances = betaBinomial(draws, a, b);
          expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 8);
          const mean = chances.reduce((sum, chance, k) => sum + k * chance, 0);
          expect(mean).toBeCloseTo((draws * a) / (a + b), 6);
        },
      ),
    );
  });
});

describe('samplingRounds', () => {
  it.each([
    [{ count: 128, chunk: 16, adaptive: { first: 16, risk: 0.02 } }, [1, 1, 2, 4]],
    [{ count: 128, chunk: 32, adaptive: { first: 16, risk: 0.02 } }, [1, 1, 2]],
    [{ count: 100, chunk: 8, adaptive: { first: 20, risk: 0.02 } }, [3, 3, 6, 1]],
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
