import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CurriculumConfig } from '../../../../core/config/curriculum-config.ts';
import type { CurriculumPlan } from '../../../../core/problems/curriculum/curriculum-plan.ts';
import { keepNearTarget } from '../../../../core/problems/curriculum/keep-near-target.ts';
import { planCurriculum } from '../../../../core/problems/curriculum/plan-curriculum.ts';
import type { JudgedProblem } from '../../../../core/problems/problem.ts';
import type { Topic } from '../../../../core/problems/topics.ts';
import { planInput, topicsOf } from './arbitrary-measures.ts';

const line = (topic: Topic, n: number, difficulty?: number, accepted = true): JudgedProblem => ({
  problem: {
    ...topic,
    id: `p${String(n).padStart(4, '0')}`,
    functionName: `f${n}`,
    signature: `def f${n}(x: int) -> int:`,
    docstring: `Return ${n}.`,
  },
  rating: { score: 1, reason: '', scores: {}, distribution: {} },
  refined: false,
  accepted,
  ...(difficulty === undefined ? {} : { difficulty }),
});
const keptOf = (lines: readonly JudgedProblem[]): string[] =>
  lines.filter(({ accepted }) => accepted).map(({ problem }) => problem.id);

const topics = topicsOf(2);
const [first, second] = topics;
if (!first || !second) throw new Error('There are two topics.');
const plan = (count: number, start = 0.3): CurriculumPlan =>
  planCurriculum(planInput({ topics, count, settings: CurriculumConfig.parse({ start, end: 0.9 }) }));

describe('keepNearTarget', () => {
  it('keeps the problems nearest to the target, topic by topic', () => {
    const lines = [
      line(first, 1, 0.9),
      line(first, 2, 0.3),
      line(first, 3, 0.4),
      line(second, 4, 1),
      line(second, 5, 0.8),
    ];
    // Two of the first are nearer than any of the second, whose quota holds all the same.
    const kept = keepNearTarget(lines, plan(2), 2);
    expect(keptOf(kept)).toEqual(['p0002', 'p0005']);
    expect(kept[0]).toMatchObject({ accepted: false, reason: expect.stringContaining('target difficulty') });
    expect(keptOf(keepNearTarget(lines, plan(2, 0.9), 2))).toEqual(['p0001', 'p0004']);
  });

  it('fills what a topic lacks with the nearest of the others', () => {
    const lines = [line(first, 1, 0.9), line(first, 2, 0.31), line(first, 3, 0.5), line(second, 4, 1)];
    expect(keptOf(keepNearTarget(lines, plan(4), 3))).toEqual(['p0002', 'p0003', 'p0004']);
    expect(keptOf(keepNearTarget(lines.slice(0, 3), plan(4), 2))).toEqual(['p0002', 'p0003']);
  });

  it('takes the earlier of two where the judge tells nothing', () => {
    const lines = [line(first, 1), line(first, 2), line(second, 3), line(second, 4)];
    expect(keptOf(keepNearTarget(lines, plan(2), 2))).toEqual(['p0001', 'p0003']);
  });

  it('keeps as many as there are, up to the limit, in their order, and none that was refused', () => {
    const entry = fc.record({
      topic: fc.constantFrom(first, second),
      difficulty: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      accepted: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), fc.integer({ min: 1, max: 30 }), (entries, limit) => {
        const lines = entries.map(({ topic, difficulty, accepted }, n) =>
          line(topic, n, difficulty, accepted),
        );
        const kept = keepNearTarget(lines, plan(limit), limit);
        expect(kept.map(({ problem }) => problem)).toEqual(lines.map(({ problem }) => problem));
        expect(keptOf(kept)).toHaveLength(Math.min(limit, keptOf(lines).length));
        expect(keptOf(lines)).toEqual(expect.arrayContaining(keptOf(kept)));
      }),
    );
  });
});
