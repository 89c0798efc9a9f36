import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeBatch, type RatedVersion } from '../../../core/judging/judge-batch.ts';
import { PLANTED_PROBLEMS } from '../../../core/judging/planted-problems.ts';
import { keptByThreshold } from '../../../core/judging/threshold.ts';
import { parseSignature, signatureText } from '../../../core/python/signature.ts';

const version = (id: string, score: number | null, docstring = 'Return x.'): RatedVersion => ({
  problem: {
    id,
    domain: 'basic-algorithm',
    topic: 't',
    functionName: 'f',
    signature: 'def f(x: int) -> int:',
    docstring,
  },
  rating: score === null ? null : { score, reason: '', scores: {}, distribution: {} },
  ...(score === null ? { reason: 'no-score-token' } : {}),
});

describe('keptByThreshold', () => {
  it('keeps what reaches the number', () => {
    expect(keptByThreshold([0.5, 0.49, null], 0.5)).toEqual([true, false, false]);
  });

  it('keeps the best share, of equal ones the earlier', () => {
    expect(keptByThreshold([0.1, 0.9, 0.9, 0.9], { keepShare: 0.5 })).toEqual([false, true, true, false]);
  });

  it('keeps exactly the share of a batch in which all have scores', () => {
    const all = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(all, fc.double({ min: 0.01, max: 1, noNaN: true }), (scores, keepShare) => {
        const kept = keptByThreshold(scores, { keepShare }).filter(Boolean).length;
        expect(kept).toBe(Math.max(1, Math.round(keepShare * scores.length)));
      }),
    );
  });
});

describe('judgeBatch', () => {
  it('accepts a rewrite that reaches the threshold and discards one that does not', () => {
    const first = [version('p1', 0.9), version('p2', 0.2), version('p3', 0.3), version('p4', null)];
    const rewritten = [version('p2', 0.8, 'Better.'), version('p3', 0.1, 'Worse.'), version('p4', null)];
    const lines = judgeBatch(first, rewritten, 0.5);
    expect(
      lines.map(({ accepted, refined, problem, rating, firstRating, reason }) => [
        accepted,
        refined,
        problem.docstring,
        rating.score,
        firstRating?.score,
        reason,
      ]),
    ).toEqual([
      [true, false, 'Return x.', 0.9, undefined, undefined],
      [true, true, 'Better.', 0.8, 0.2, undefined],
      [false, true, 'Worse.', 0.1, 0.3, 'below the threshold'],
      [false, false, 'Return x.', 0, undefined, 'no-score-token'],
    ]);
  });
});

describe('the planted problems', () => {
  it('are twenty good and twenty spoilt ones with readable signatures', () => {
    expect(PLANTED_PROBLEMS.filter(({ fault }) => fault === undefined)).toHaveLength(20);
    expect(PLANTED_PROBLEMS.filter(({ fault }) => fault !== undefined)).toHaveLength(20);
    for (const { signature, functionName } of PLANTED_PROBLEMS) {
      const read = parseSignature(signature);
      expect(read.ok && signatureText(read.value)).toBe(signature);
      expect(read.ok && read.value.functionName).toBe(functionName);
    }
  });
});
