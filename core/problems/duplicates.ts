/**
 * Refuses problems that were already proposed, that validation holds out, or that a benchmark asks; of those
 * that say nearly the same the first in order of index stays.
 */
import { Contamination, type Overlap } from './contamination.ts';
import { NearDuplicates } from './near-duplicates.ts';
import type { JudgedProblem, Problem } from './problem.ts';

type Described = Pick<Problem, 'functionName' | 'docstring'>;

/** Two problems are one where they ask the same function for the same thing, whatever the spacing and case. */
export const problemText = ({ functionName, docstring }: Described): string =>
  `${functionName.toLowerCase()} ${docstring
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()}`;

export type DuplicateRules = {
  /** Accepted problems at most. */
  limit: number;
  /** Share of common word sequences from which two problems are one. */
  similarity: number;
  heldout?: readonly Described[];
  /** Accepted problems of earlier iterations. */
  earlier?: readonly Described[];
  benchmarks?: Contamination;
};

export type MarkedProblems = {
  problems: JudgedProblem[];
  duplicates: number;
  nearDuplicates: number;
  /** Problems that overlap a benchmark, and with what. */
  contaminated: { problemId: string; overlap: Overlap }[];
};

/**
 * Marks accepted problems as not accepted where they repeat an earlier one, a held-out one or a benchmark, or
 * come after the first `limit` accepted ones. The input’s order is that of their index, so arrival does not
 * matter.
 */
export const markDuplicates = (
  judged: readonly JudgedProblem[],
  { limit, similarity, heldout = [], earlier = [], benchmarks = new Contamination() }: DuplicateRules,
): MarkedProblems => {
  const heldoutTexts = new Texts(similarity, heldout);
  const seen = new Texts(similarity, earlier);
  const result: MarkedProblems = { problems: [], duplicates: 0, nearDuplicates: 0, contaminated: [] };
  let accepted = 0;
  const refusal = (problem: Problem): string | undefined => {
    const overlap = benchmarks.ofText(problem.docstring);
    if (overlap) {
      result.contaminated.push({ problemId: problem.id, overlap });
      return `overlaps ${overlap.benchmark}`;
    }
    if (heldoutTexts.has(problem)) {
      result.duplicates += 1;
      return 'held out for validation';
    }
    if (seen.hasExactly(problem)) {
      result.duplicates += 1;
      return 'duplicate of an earlier problem';
    }
    if (seen.has(problem)) {
      result.nearDuplicates += 1;
      return 'nearly an earlier problem';
    }
    seen.add(problem);
    if (accepted === limit) return 'more problems than the iteration needs';
    accepted += 1;
    return undefined;
  };
  for (const line of judged) {
    const reason = line.accepted ? refusal(line.problem) : undefined;
    result.problems.push(reason === undefined ? line : { ...line, accepted: false, reason });
  }
  return result;
};

class Texts {
  readonly #exact = new Set<string>();
  readonly #near: NearDuplicates;

  constructor(similarity: number, problems: readonly Described[]) {
    this.#near = new NearDuplicates(similarity);
    for (const problem of problems) this.add(problem);
  }

  add(problem: Described): void {
    this.#exact.add(problemText(problem));
    this.#near.add(nearText(problem));
  }

  hasExactly(problem: Described): boolean {
    return this.#exact.has(problemText(problem));
  }

  has(problem: Described): boolean {
    return this.hasExactly(problem) || this.#near.has(nearText(problem));
  }
}

/** The name counts as its words. */
const nearText = ({ functionName, docstring }: Described): string =>
  `${functionName.replaceAll('_', ' ')} ${docstring}`;
