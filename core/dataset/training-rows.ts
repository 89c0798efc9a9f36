/** Which pairs are trained on, and in which order. */

import { problemText } from '../problems/duplicates.ts';
import type { Problem } from '../problems/problem.ts';
import type { ChatMessage, DatasetRow } from './dataset-row.ts';

/** A problem and the code that the selection chose for it. */
export type TrainingPair = {
  iteration: number;
  problem: Problem;
  candidateId: string;
  code: string;
};

/** The problems that validation keeps to itself; their ids are those of `iteration`. */
export type HeldoutProblems = {
  iteration: number;
  problems: readonly { id: string; functionName: string; docstring: string }[];
};

export type TrainingRows = {
  rows: DatasetRow[];
  /** Pairs left out because validation holds their problem out. */
  heldout: number;
  /** Pairs left out because the same question and answer stand there already. */
  duplicates: number;
};

/** Sorted by iteration, then by problem, whatever the order of the pairs. */
export const trainingRows = (
  pairs: readonly TrainingPair[],
  heldout: HeldoutProblems | null,
  toMessages: (problem: Problem, code: string) => readonly ChatMessage[],
): TrainingRows => {
  const heldoutIds = new Set(heldout?.problems.map((problem) => problem.id));
  const heldoutTexts = new Set(heldout?.problems.map(problemText));
  const isHeldout = ({ iteration, problem }: TrainingPair) =>
    (iteration === heldout?.iteration && heldoutIds.has(problem.id)) ||
    heldoutTexts.has(problemText(problem));

  const allowed = pairs.filter((pair) => !isHeldout(pair));
  const rows = new Map<string, DatasetRow>();
  for (const { iteration, problem, candidateId, code } of [...allowed].sort(byIterationAndProblem)) {
    const messages = [...toMessages(problem, code)];
    const text = JSON.stringify(messages);
    if (rows.has(text)) continue;
    rows.set(text, {
      messages,
      problem_id: problem.id,
      iteration,
      function_name: problem.functionName,
      candidate_id: candidateId,
    });
  }
  return {
    rows: [...rows.values()],
    heldout: pairs.length - allowed.length,
    duplicates: allowed.length - rows.size,
  };
};

const byIterationAndProblem = (a: TrainingPair, b: TrainingPair): number =>
  a.iteration - b.iteration || Number(a.problem.id > b.problem.id) - Number(a.problem.id < b.problem.id);
