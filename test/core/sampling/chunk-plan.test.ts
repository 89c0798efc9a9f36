import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunkPlan } from '../../../core/sampling/chunk-plan.ts';
import { deriveSeed } from '../../../core/sampling/derive-seed.ts';

const settings = fc.record({
  count: fc.integer({ min: 1, max: 600 }),
  chunk: fc.integer({ min: 1, max: 128 }),
  temperature: fc.oneof(
    fc.double({ min: 0, max: 2, noNaN: true }),
    fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 1, max: 2, noNaN: true })),
  ),
});
const place = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 - 2 ** 16 - 1 }),
  styles: fc.integer({ min: 1, max: 8 }),
  problemIndex: fc.nat(5000),
});

describe('chunkPlan', () => {
  it('gives every candidate its own effective seed within 31 bits', () => {
    fc.assert(
      fc.property(settings, place, (config, at) => {
        const plan = chunkPlan(config, at);
        const seeds = plan.flatMap(({ seed, count }) => Array.from({ length: count }, (_, i) => seed + i));
        expect(seeds).toHaveLength(config.count);
        expect(new Set(seeds).size).toBe(config.count);
        expect(Math.max(...seeds)).toBeLessThan(2 ** 31);
      }),
    );
  });

  it('numbers candidates without a gap and keeps to the size of a chunk', () => {
    fc.assert(
      fc.property(settings, place, (config, at) => {
        let next = 0;
        for (const { first, count } of chunkPlan(config, at)) {
          expect(first).toBe(next);
          expect(count).toBeGreaterThan(0);
          expect(count).toBeLessThanOrEqual(config.chunk);
          next += count;
        }
        expect(next).toBe(config.count);
      }),
    );
  });

  it('spreads chunks over the whole range of temperatures', () => {
    const plan = chunkPlan(
      { count: 12, chunk: 4, temperature: [0.6, 1] },
      { seed: 0, styles: 1, problemIndex: 0 },
    );
    expect(plan.map(({ temperature }) => temperature)).toEqual([0.6, 0.8, 1]);
  });

  it('uses the middle of the range where there is one chunk', () => {
    const [only] = chunkPlan(
      { count: 4, chunk: 4, temperature: [0.5, 1] },
      { seed: 0, styles: 1, problemIndex: 0 },
    );
    expect(only?.temperature).toBe(0.75);
  });

  it('goes through the styles by chunk, each problem from another start', () => {
    const styles = (problemIndex: number) =>
      chunkPlan({ count: 8, chunk: 2, temperature: 1 }, { seed: 0, styles: 3, problemIndex }).map(
        ({ style }) => style,
      );
    expect(styles(0)).toEqual([0, 1, 2, 0]);
    expect(styles(1)).toEqual([1, 2, 0, 1]);
  });
});

describe('deriveSeed', () => {
  it('is the same on every machine', () => {
    const of = (stage: string, index: number) => deriveSeed({ seed: 1, iteration: 2, stage, index });
    expect([of('solve', 0), of('solve', 1), of('tests', 0)]).toMatchInlineSnapshot(`
      [
        878940867,
        609955995,
        1257029383,
      ]
    `);
  });

  it('differs with each part of its origin', () => {
    const origins = [0, 1, 2].flatMap((seed) =>
      [1, 2].flatMap((iteration) =>
        ['propose', 'tests', 'solve'].flatMap((stage) =>
          Array.from({ length: 200 }, (_, index) => ({ seed, iteration, stage, index })),
        ),
      ),
    );
    const seeds = origins.map(deriveSeed);
    expect(new Set(seeds).size).toBe(origins.length);
    expect(Math.min(...seeds)).toBeGreaterThanOrEqual(0);
  });
});
