import type { MatrixTest } from '../selection-matrix.ts';

/** The call of a test that is given as an object with one. */
export const callOf = (test: MatrixTest | undefined): string | undefined =>
  typeof test === 'object' ? test.call : undefined;
