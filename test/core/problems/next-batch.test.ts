import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemsConfig } from '../../../core/config/campaign-config.ts';
import { nextBatch } from '../../../core/problems/next-batch.ts';

/** How many of each batch the judge accepts, as a share of it; and which batch in flight ends next. */
const course = fc.record({
  count: fc.integer({ min: 1, max: 60 }),
  batch: fc.integer({ min: 1, max: 20 }),
  maxProposals: fc.integer({ min: 1, max: 120 }),
  shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 120, maxLength: 120 }),
  ends: fc.array(fc.nat(), { minLength: 120, maxLength: 120 }),
  width: fc.integer({ min: 2, max: 8 }),
});

/** Sizes of all batches asked for, with so many in flight at most. */
const batchesOf = (given: typeof course extends fc.Arbitrary<infer T> ? T : never, width: number) => {
  const config = ProblemsConfig.parse({
    count: given.count,
    batch: given.batch,
    maxProposals: given.maxProposals,
  });
  const wanted = config.count;
  const sizes: number[] = [];
  const flying: number[] = [];
  let [accepted, most] = [0, 0];
  for (let step = 0; ; step += 1) {
    const asked = sizes.reduce((sum, size) => sum + size, 0);
    const inFlight = flying.reduce((sum, index) => sum + (sizes[index] ?? 0), 0);
    const next = flying.length < width ? nextBatch(config, { wanted, accepted, asked, inFlight }) : 0;
    if (next > 0) {
      flying.push(sizes.length);
      sizes.push(next);
      most = Math.max(most, flying.length);
      continue;
    }
    if (flying.length === 0) return { sizes, most };
    const [ended = 0] = flying.splice((given.ends[step % 120] ?? 0) % flying.length, 1);
    accepted += Math.floor((given.shares[ended % 120] ?? 0) * (sizes[ended] ?? 0));
  }
};

describe('nextBatch', () => {
  it('asks for the same batches side by side, in whatever order they end, as one after the other', () => {
    fc.assert(
      fc.property(course, (given) => {
        expect(batchesOf(given, given.width).sizes).toEqual(batchesOf(given, 1).sizes);
      }),
    );
  });

  it('has as many in flight as are wanted whatever the judge says', () => {
    const shares = Array.from({ length: 120 }, () => 0.5);
    const given = { count: 48, batch: 16, maxProposals: 96, shares, ends: shares.map(() => 0), width: 8 };
    expect(batchesOf(given, 8)).toEqual({ sizes: [16, 16, 16, 16, 16, 16], most: 3 });
  });
});
