/**
 * How varied programs are: of a problem, before and after its selection, and of a dataset. A model that trains on
 * its own answers may come to write one program for everything, long before its scores fall. Entropy is Shannon's
 * ("A Mathematical Theory of Communication", 1948); trees and node types are Python's `ast`.
 */
import { z } from 'zod';

const count = z.int().min(0);
const mean = z.number().min(0);

/** Of a group of programs. */
export const DiversityMeasure = z.object({
  programs: count,
  parsed: count.describe('Programs that are Python; the counts of trees and node types are over them.'),
  trees: count.describe('Distinct syntax trees, whatever their names, comments, docstrings and hints.'),
  nodeTypes: count.describe('Distinct types of syntax tree nodes.'),
  entropyBits: mean.describe('Lexical entropy: of the frequencies of words, numbers and marks.'),
});
export type DiversityMeasure = z.infer<typeof DiversityMeasure>;

export const ProblemDiversity = z.object({
  problemId: z.string(),
  sampled: DiversityMeasure.nullable().describe('All candidates; null where the measurement fails on them.'),
  agreeing: DiversityMeasure.nullable().describe('The chosen cluster; null where nothing is chosen too.'),
});
export type ProblemDiversity = z.infer<typeof ProblemDiversity>;

export const MeanDiversity = z.object({
  problems: count.describe('The means are over them.'),
  distinctShare: mean.describe('Distinct syntax trees, of the programs that parse.'),
  nodeTypes: mean,
  entropyBits: mean,
});
export type MeanDiversity = z.infer<typeof MeanDiversity>;

export const DiversitySummary = z.object({
  sampled: MeanDiversity.describe('Within a problem, before selection.'),
  agreeing: MeanDiversity.describe(
    'Within a problem, after selection: among those that agree with the chosen one.',
  ),
  dataset: DiversityMeasure.nullable().describe('Of the answers that are trained on, together.'),
});
export type DiversitySummary = z.infer<typeof DiversitySummary>;

/** `problems` in the order of their index. */
export const summariseDiversity = (
  problems: readonly ProblemDiversity[],
  dataset: DiversityMeasure | null,
): DiversitySummary => ({
  sampled: meanDiversity(problems.map(({ sampled }) => sampled)),
  agreeing: meanDiversity(problems.map(({ agreeing }) => agreeing)),
  dataset,
});

/** Groups without a program that parses say nothing. */
const meanDiversity = (groups: readonly (DiversityMeasure | null)[]): MeanDiversity => {
  const measured = groups.filter((group) => group !== null).filter(({ parsed }) => parsed > 0);
  const meanOf = (value: (group: DiversityMeasure) => number): number =>
    measured.length === 0 ? 0 : measured.reduce((sum, group) => sum + value(group), 0) / measured.length;
  return {
    problems: measured.length,
    distinctShare: meanOf(({ trees, parsed }) => trees / parsed),
    nodeTypes: meanOf(({ nodeTypes }) => nodeTypes),
    entropyBits: meanOf(({ entropyBits }) => entropyBits),
  };
};
