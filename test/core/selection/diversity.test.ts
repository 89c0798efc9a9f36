import { describe, expect, it } from 'vitest';
import { type DiversityMeasure, summariseDiversity } from '../../../core/selection/diversity.ts';

const group = (trees: number, parsed: number, programs = parsed): DiversityMeasure => ({
  programs,
  parsed,
  trees,
  nodeTypes: 10 * trees,
  entropyBits: trees,
});

describe('diversity of an iteration', () => {
  it('takes means over the problems that have a program that parses, and keeps the dataset as it is', () => {
    const dataset = group(3, 3);
    expect(
      summariseDiversity(
        [
          { problemId: 'p1', sampled: group(4, 8, 9), agreeing: group(1, 2) },
          { problemId: 'p2', sampled: group(2, 2), agreeing: null },
          { problemId: 'p3', sampled: group(0, 0, 4), agreeing: null },
          { problemId: 'p4', sampled: null, agreeing: null },
        ],
        dataset,
      ),
    ).toEqual({
      sampled: { problems: 2, distinctShare: 0.75, nodeTypes: 30, entropyBits: 3 },
      agreeing: { problems: 1, distinctShare: 0.5, nodeTypes: 10, entropyBits: 1 },
      dataset,
    });
  });

  it('is zero of no problem', () => {
    const nothing = { problems: 0, distinctShare: 0, nodeTypes: 0, entropyBits: 0 };
    expect(summariseDiversity([], null)).toEqual({ sampled: nothing, agreeing: nothing, dataset: null });
  });
});
