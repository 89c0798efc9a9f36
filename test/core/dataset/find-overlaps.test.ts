import { describe, expect, it } from 'vitest';
import { findOverlaps, Overlaps, tellOverlaps } from '../../../core/dataset/find-overlaps.ts';
import type { TrainingPair } from '../../../core/dataset/training-rows.ts';
import { Contamination } from '../../../core/problems/contamination.ts';
import type { ProgramTrees } from '../../../core/problems/program-trees.ts';

const pairOf = (iteration: number, id: string): TrainingPair => ({
  ...{ iteration, candidateId: 'c0001', code: 'return' },
  problem: {
    ...{ id, domain: 'basic-algorithm', topic: 't', functionName: 'f', signature: 'def f():' },
    docstring: 'Return.',
  },
});

const benchmarks = new Contamination();
benchmarks.add('b', { id: 'B/1', prompt: '', solution: '' }, ['tree']);
const overlap = { benchmark: 'b', id: 'B/1', by: 'tree' };

const [first, second, third] = [pairOf(1, 'p1'), pairOf(1, 'p2'), pairOf(2, 'p1')] as const;
const pairs = [first, second, third];
const trees = {
  solutions: new Map<TrainingPair, ProgramTrees>([
    [first, { id: 'p1', trees: ['tree'] }],
    [second, { id: 'p2', trees: [], unreadable: 'SyntaxError' }],
    [third, { id: 'p1', trees: ['other', 'tree'] }],
  ]),
  references: [
    { id: 'B/1', trees: ['tree'] },
    { id: 'B/2', trees: [] },
  ],
};

describe('findOverlaps', () => {
  it('finds the pairs that share a tree with a benchmark, in their order', () => {
    expect(findOverlaps(pairs, benchmarks, trees)).toEqual([
      { iteration: 1, problemId: 'p1', overlap },
      { iteration: 2, problemId: 'p1', overlap },
    ]);
    expect(findOverlaps(pairs, benchmarks)).toEqual([]);
  });
});

describe('tellOverlaps', () => {
  it('says how far trees could be compared', () => {
    expect(tellOverlaps([], trees)).toEqual({
      removed: [],
      trees: { compared: 2, unreadable: 1, references: 2, comparable: 1 },
    });
    expect(tellOverlaps([])).toEqual({ removed: [], trees: null });
  });

  it('tells of ten at most, and of the last iteration’s first', () => {
    const many = Array.from({ length: 30 }, (_, n) => pairOf(n < 25 ? 1 : 2, `p${n}`));
    const solutions = new Map(many.map((pair) => [pair, { id: pair.problem.id, trees: ['tree'] }]));
    const read = { solutions, references: [] };
    const { removed } = Overlaps.parse(tellOverlaps(findOverlaps(many, benchmarks, read), read));
    expect(removed.map(({ problemId }) => problemId)).toEqual(
      [25, 26, 27, 28, 29, 0, 1, 2, 3, 4].map((n) => `p${n}`),
    );
  });
});
