/** Refuses problems that were already proposed, or that validation holds out; the first in order of index stays. */
import type { JudgedProblem, Problem } from './problem.ts';

/** Two problems are one where they ask the same function for the same thing, whatever the spacing and case. */
export const problemText = ({
  functionName,
  docstring,
}: Pick<Problem, 'functionName' | 'docstring'>): string =>
  `${functionName.toLowerCase()} ${docstring
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()}`;

/**
 * Marks accepted problems as not accepted where they repeat an earlier one or a held-out one, or come after
 * the first `limit` accepted ones. The input’s order is that of their index, so arrival does not matter.
 */
export const markDuplicates = (
  judged: readonly JudgedProblem[],
  heldout: readonly Pick<Problem, 'functionName' | 'docstring'>[],
  limit: number,
): { problems: JudgedProblem[]; duplicates: number } => {
  const heldoutTexts = new Set(heldout.map(problemText));
  const seen = new Set<string>();
  let accepted = 0;
  let duplicates = 0;
  const problems = judged.map((line): JudgedProblem => {
    if (!line.accepted) return line;
    const text = problemText(line.problem);
    const refuse = (reason: string): JudgedProblem => ({ ...line, accepted: false, reason });
    if (heldoutTexts.has(text) || seen.has(text)) {
      duplicates += 1;
      return refuse(heldoutTexts.has(text) ? 'held out for validation' : 'duplicate of an earlier problem');
    }
    seen.add(text);
    if (accepted === limit) return refuse('more problems than the iteration needs');
    accepted += 1;
    return line;
  });
  return { problems, duplicates };
};
