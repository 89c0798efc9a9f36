/** Which of the chosen solutions overlap a benchmark, and how far they could be compared. */
import { z } from 'zod';
import { type Contamination, Overlap } from '../problems/contamination.ts';
import type { ProgramTrees } from '../problems/program-trees.ts';
import type { TrainingPair } from './training-rows.ts';

const count = z.int().min(0);

/** A line of contamination/solutions.jsonl. */
export const RemovedSolution = z.object({ iteration: count, problemId: z.string(), overlap: Overlap });
export type RemovedSolution = z.infer<typeof RemovedSolution>;

export const TreeComparison = z.object({
  compared: count.describe('Solutions whose syntax tree was read.'),
  unreadable: count.describe('Solutions whose syntax tree could not be read.'),
  references: count.describe('The benchmarks’ solutions.'),
  comparable: count.describe('Those among them whose tree is large enough not to be met by chance.'),
});
export type TreeComparison = z.infer<typeof TreeComparison>;

/** Solutions told of one by one in the report of an iteration; the bucket lists them all. */
const TOLD = 10;

export const Overlaps = z.object({
  removed: z
    .array(RemovedSolution)
    .max(TOLD)
    .describe('The first of them, those of the last iteration first.'),
  trees: TreeComparison.nullable().describe('Null where syntax trees were not compared.'),
});
export type Overlaps = z.infer<typeof Overlaps>;

/** What was read of the solutions and of the benchmarks’ own. */
export type ReadTrees = {
  solutions: ReadonlyMap<TrainingPair, ProgramTrees>;
  references: readonly ProgramTrees[];
};

/** In the order of the pairs. */
export const findOverlaps = (
  pairs: readonly TrainingPair[],
  benchmarks: Contamination,
  trees?: ReadTrees,
): RemovedSolution[] =>
  pairs.flatMap((pair) => {
    const overlap = benchmarks.ofProgram(pair.code, trees?.solutions.get(pair)?.trees);
    return overlap ? [{ iteration: pair.iteration, problemId: pair.problem.id, overlap }] : [];
  });

export const tellOverlaps = (removed: readonly RemovedSolution[], trees?: ReadTrees): Overlaps => ({
  removed: [...removed].sort((a, b) => b.iteration - a.iteration).slice(0, TOLD),
  trees: trees ? compareTrees(trees) : null,
});

const compareTrees = ({ solutions, references }: ReadTrees): TreeComparison => {
  const read = [...solutions.values()];
  const compared = read.filter(({ unreadable }) => unreadable === undefined).length;
  return {
    compared,
    unreadable: read.length - compared,
    references: references.length,
    comparable: references.filter(({ trees }) => trees.length > 0).length,
  };
};
