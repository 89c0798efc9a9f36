/** How many candidates a strategy would have needed, had it known when to stop. */
import { compareIds } from '../population.ts';
import { select } from '../select.ts';
import type { SelectionMatrix } from '../selection-matrix.ts';
import type { SelectionPolicy } from '../selection-policy.ts';
import { chooseTheSame } from './choose-the-same.ts';

/** Rounds double from here, as adaptive sampling’s do. */
const FIRST_ROUND = 16;

/**
 * The first candidates, in order of id, after which the choice gives the same answers in every later round up to
 * all candidates. It is a lower bound with hindsight: no rule that stops by itself needs less.
 */
export const candidatesNeeded = (
  matrix: SelectionMatrix,
  policy: SelectionPolicy,
  finalChoice: string | null,
): SelectionMatrix['candidates'] => {
  const candidates = [...matrix.candidates].sort((a, b) => compareIds(a.id, b.id));
  let needed = candidates;
  for (const size of roundsBelow(candidates.length).reverse()) {
    const first = candidates.slice(0, size);
    const choice = select({ ...matrix, candidates: first }, policy).selected;
    if (!chooseTheSame(matrix, choice, finalChoice)) break;
    needed = first;
  }
  return needed;
};

const roundsBelow = (count: number): number[] => {
  const rounds: number[] = [];
  for (let size = FIRST_ROUND; size < count; size *= 2) rounds.push(size);
  return rounds;
};
