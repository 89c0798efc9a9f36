import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learningSignal } from '../../../../core/problems/curriculum/learning-signal.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const target = fc.double({ min: 0.05, max: 0.95, noNaN: true });

describe('learningSignal', () => {
  it('is the variance of success, scaled to 1, where the target is one half', () => {
    fc.assert(
      fc.property(share, (p) => {
        expect(learningSignal(p, 0.5)).toBeCloseTo(4 * p * (1 - p), 10);
      }),
    );
  });

  it('lies between 0 and 1: 0 where the model always or never agrees, 1 at the target', () => {
    fc.assert(
      fc.property(share, target, (p, difficulty) => {
        const signal = learningSignal(p, difficulty);
        expect(signal).toBeGreaterThanOrEqual(0);
        expect(signal).toBeLessThanOrEqual(1);
        expect(learningSignal(1 - difficulty, difficulty)).toBeCloseTo(1, 10);
        expect(learningSignal(0, difficulty)).toBe(0);
        expect(learningSignal(1, difficulty)).toBe(0);
      }),
    );
  });

  it('moves worth from easy to hard as the target rises', () => {
    const inside = fc.double({ min: 0.02, max: 0.98, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(inside, inside), fc.tuple(target, target), (agreements, targets) => {
        const [hard, easy] = [Math.min(...agreements), Math.max(...agreements)];
        const [low, high] = [Math.min(...targets), Math.max(...targets)];
        const gainOfHard = (at: number) => Math.log(learningSignal(hard, at) / learningSignal(easy, at));
        expect(gainOfHard(high)).toBeGreaterThanOrEqual(gainOfHard(low) - 1e-9);
      }),
    );
  });
});
