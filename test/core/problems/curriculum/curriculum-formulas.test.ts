/** The curriculum's formulas with numbers worked out by hand. */
import { describe, expect, it } from 'vitest';
import { CurriculumConfig } from '../../../../core/config/curriculum-config.ts';
import { judgeLine } from '../../../../core/problems/curriculum/judge-line.ts';
import { learningSignal } from '../../../../core/problems/curriculum/learning-signal.ts';
import { targetDifficulty } from '../../../../core/problems/curriculum/target-difficulty.ts';
import { estimateTopics } from '../../../../core/problems/curriculum/topic-estimates.ts';
import { topicQuotas } from '../../../../core/problems/curriculum/topic-quotas.ts';

describe('learningSignal', () => {
  it('is (p / (1 − τ))^(2(1 − τ)) · ((1 − p) / τ)^(2τ)', () => {
    expect(learningSignal(0.25, 0.5)).toBeCloseTo(0.75, 12);
    // (0.5 / 0.75)^1.5 · (0.5 / 0.25)^0.5
    expect(learningSignal(0.5, 0.25)).toBeCloseTo(Math.sqrt((2 / 3) ** 3 * 2), 12);
    // (0.8 / 0.2)^0.4 · (0.2 / 0.8)^1.6 = 4^(0.4 − 1.6)
    expect(learningSignal(0.8, 0.8)).toBeCloseTo(4 ** -1.2, 12);
  });
});

describe('judgeLine', () => {
  it('is the line of weighted least squares through (0, 1), (1, 0) and what was measured', () => {
    // Means 3/4 and 3/4, variances 3/16 and 3/16, covariance −1/16: slope 1/3, r² 1/9.
    const line = judgeLine([{ judged: 1, agreement: 1, weight: 2 }], 2);
    expect(line.slope).toBeCloseTo(1 / 3, 12);
    expect(line.easiest).toBeCloseTo(1, 12);
    expect(line.trust).toBeCloseTo(1 / 9, 12);
    expect(line.pairs).toBe(1);
  });
});

describe('targetDifficulty', () => {
  it('goes from start to end in equal steps, and stays', () => {
    const settings = CurriculumConfig.parse({ start: 0.2, end: 0.8, pace: 4 });
    const targets = [0, 1, 2, 3, 9].map((step) => targetDifficulty(settings, step));
    expect(targets).toEqual([0.2, 0.4, 0.6, 0.8, 0.8].map((value) => expect.closeTo(value, 12)));
  });
});

describe('estimateTopics', () => {
  it('shrinks a topic to its domain, that to all, and that to the target, by prior pseudo-observations', () => {
    const at = { domain: 'basic-algorithm' as const, judged: null, decided: true };
    const { topics } = estimateTopics({
      topics: [
        { domain: 'basic-algorithm', topic: 'a' },
        { domain: 'basic-algorithm', topic: 'b' },
        { domain: 'tool-usage', topic: 'c' },
      ],
      measured: [
        { ...at, id: 'p1', iteration: 2, topic: 'a', agreement: 1 },
        // One iteration older: half the weight.
        { ...at, id: 'p2', iteration: 1, topic: 'a', agreement: 0.6 },
      ],
      ...{ iteration: 3, target: 0.5, prior: 1, memory: 0.5 },
    });
    // All: (1 · 0.5 + 1 · 1 + 0.5 · 0.6) / 2.5 = 0.72; domain: (0.72 + 1.3) / 2.5 = 0.808; a: (0.808 + 1.3) / 2.5.
    expect(topics.map(({ agreement }) => agreement)).toEqual(
      [2.108 / 2.5, 0.808, 0.72].map((value) => expect.closeTo(value, 12)),
    );
    expect(topics.map(({ evidence }) => evidence)).toEqual([1.5, 0, 0]);
    // Signals 4p(1 − p): 0 and 0.96, half of it: (1 + 0.48) / 2.5 = 0.592, (0.592 + 0.48) / 2.5 = 0.4288.
    expect(topics[2]?.signal).toBeCloseTo(0.592, 12);
    expect(topics[1]?.signal).toBeCloseTo(0.4288, 12);
    expect(topics[0]?.signal).toBeCloseTo((0.4288 + 0.48) / 2.5, 12);
  });
});

describe('topicQuotas', () => {
  it('is systematic sampling at one offset', () => {
    expect(topicQuotas([0.5, 0.3, 0.2], 10, 0)).toEqual([5, 3, 2]);
    // Up to 2.5, 4 and 5, less the offset, rounded up: 3, 4, 5 and 2, 4, 5.
    expect(topicQuotas([0.5, 0.3, 0.2], 5, 0.2)).toEqual([3, 1, 1]);
    expect(topicQuotas([0.5, 0.3, 0.2], 5, 0.8)).toEqual([2, 2, 1]);
  });
});
