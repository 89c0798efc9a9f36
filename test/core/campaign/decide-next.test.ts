import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestIteration, decideNext, type IterationScore } from '../../../core/campaign/decide-next.ts';
import { IterationsConfig } from '../../../core/config/campaign-config.ts';

const policy = (changes: Partial<IterationsConfig> = {}): IterationsConfig => ({
  ...IterationsConfig.parse({}),
  ...changes,
});

const scored = (...scores: (number | null | 'untrained')[]): IterationScore[] =>
  scores.map((score, n) =>
    score === 'untrained' ? { n, score: null, trained: false } : { n, score, trained: n > 0 },
  );

describe('decideNext', () => {
  it('starts from the base model', () => {
    expect(decideNext(scored(0.1), policy())).toEqual({
      continue: true,
      from: 'base',
      best: { n: 0, passAt1: 0.1 },
      reason: 'Iteration 1 starts from the base model.',
    });
  });

  it('goes on while validation rises', () => {
    const next = decideNext(scored(0.1, 0.2, 0.3), policy());
    expect(next).toMatchObject({ continue: true, from: { iteration: 2 }, best: { n: 2, passAt1: 0.3 } });
  });

  it('stops when patience is used up, and rolls back to the best', () => {
    const next = decideNext(scored(0.1, 0.4, 0.3, 0.4), policy({ patience: 2 }));
    expect(next).toMatchObject({ continue: false, from: { iteration: 1 }, best: { n: 1, passAt1: 0.4 } });
    expect(next.reason).toBe('No gain in 2 iterations (patience 2).');
  });

  it('ends at the maximum with the best, not the last', () => {
    const next = decideNext(scored(0.5, 0.4, 0.45), policy({ max: 2 }));
    expect(next).toMatchObject({ continue: false, from: 'base', best: { n: 0, passAt1: 0.5 } });
  });

  it('counts an iteration that trained nothing against patience', () => {
    expect(decideNext(scored(0.1, 'untrained'), policy({ patience: 1 })).continue).toBe(false);
    expect(decideNext(scored(0.1, 'untrained'), policy({ patience: 2 }))).toMatchObject({
      continue: true,
      from: 'base',
    });
    expect(decideNext(scored(0.1, 0.2, 'untrained'), policy({ patience: 2 }))).toMatchObject({
      from: { iteration: 1 },
    });
  });

  it('asks for a rise of at least minGain over the last gain', () => {
    const history = scored(0.2, 0.25, 0.29);
    expect(decideNext(history, policy({ patience: 2, minGain: 0.1 })).continue).toBe(false);
    expect(decideNext(history, policy({ patience: 2, minGain: 0.05 })).continue).toBe(true);
    // 0.3 − 0.2 is a little less than 0.1 in floats.
    expect(decideNext(scored(0.2, 0.3), policy({ patience: 1, minGain: 0.1 })).continue).toBe(true);
  });

  it('takes the first score as a gain where the base has none', () => {
    const next = decideNext(scored(null, 0), policy({ patience: 1 }));
    expect(next).toMatchObject({ continue: true, best: { n: 1, passAt1: 0 } });
  });

  it('keeps the base where nothing was ever validated', () => {
    expect(decideNext(scored(null, null, null), policy({ patience: 2 }))).toMatchObject({
      continue: false,
      from: 'base',
      best: { n: 0, passAt1: null },
    });
  });

  it.each([
    ['previous', { iteration: 2 }],
    ['best', { iteration: 1 }],
    ['base', 'base'],
  ] as const)('continues from %s', (continueFrom, from) => {
    expect(decideNext(scored(0.1, 0.5, 0.4), policy({ continueFrom })).from).toEqual(from);
  });
});

const histories = fc
  .array(fc.oneof(fc.constant(null), fc.constant('untrained' as const), fc.integer({ min: 0, max: 20 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((scores) => scored(...scores.map((score) => (typeof score === 'number' ? score / 20 : score))));
const policies = fc.record({
  max: fc.integer({ min: 1, max: 8 }),
  patience: fc.integer({ min: 1, max: 4 }),
  minGain: fc.constantFrom(0, 0.05, 0.1),
  continueFrom: fc.constantFrom<'previous' | 'best' | 'base'>('previous', 'best', 'base'),
});

describe('decideNext on random histories', () => {
  it('never names a best that another iteration beats, nor a later one of equals', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const best = bestIteration(history);
        for (const { n, score, trained } of history) {
          if (score === null || (n > 0 && !trained)) continue;
          expect(best.passAt1).not.toBeNull();
          expect(score).toBeLessThanOrEqual(best.passAt1 ?? -1);
          if (score === best.passAt1) expect(best.n).toBeLessThanOrEqual(n);
        }
      }),
    );
  });

  it('always ends within the maximum, and ends with the best', () => {
    fc.assert(
      fc.property(histories, policies, (history, limits) => {
        const next = decideNext(history, limits);
        if (history.length - 1 >= limits.max) expect(next.continue).toBe(false);
        if (!next.continue)
          expect(next.from).toEqual(next.best.n === 0 ? 'base' : { iteration: next.best.n });
        else if (next.from !== 'base') {
          const { iteration } = next.from;
          expect(history.find(({ n }) => n === iteration)?.trained).toBe(true);
        }
      }),
    );
  });

  it('never stops sooner with more patience', () => {
    fc.assert(
      fc.property(histories, policies, (history, limits) => {
        const patient = { ...limits, patience: limits.patience + 1 };
        if (decideNext(history, limits).continue) expect(decideNext(history, patient).continue).toBe(true);
      }),
    );
  });
});
