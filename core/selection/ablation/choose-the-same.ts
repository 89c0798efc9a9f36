import type { SelectionMatrix } from '../selection-matrix.ts';

/** Whether two choices give the same answers on every test; two that chose nothing do. */
export const chooseTheSame = (matrix: SelectionMatrix, a: string | null, b: string | null): boolean => {
  if (a === b) return true;
  const [left, right] = [a, b].map((id) => matrix.candidates.find((candidate) => candidate.id === id));
  if (!left || !right) return false;
  return matrix.tests.every(
    (_, test) =>
      left.outcomes[test] === right.outcomes[test] &&
      (left.outputs?.[test] ?? null) === (right.outputs?.[test] ?? null),
  );
};
