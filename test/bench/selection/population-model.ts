/**
 * The assumptions of the simulated population, as numbers. docs/selection.md says them in words; none of them was
 * fitted to a strategy, and the bench reports on seeds that no choice of ours has seen.
 */
export type PopulationModel = {
  candidates: number;
  tests: number;
  /** Share of right programs by problem: Kumaraswamy(a, b) (J. Hydrology 46, 1980), a Beta with a closed quantile. */
  right: { a: number; b: number };
  /** Kinds of input (ordinary, empty, negative, …). Tests spread over them as 1, 1/2, 1/3, …; wrong programs fail by kind. */
  kinds: number;
  /** Kinds that only the hidden tests have: a program wrong there alone looks right. */
  hiddenKinds: number;
  /** Chance that a wrong program is wrong on a kind; it is wrong on one at least. */
  wrongOnKind: number;
  /** Named misunderstandings of a problem: programs that share one return the same wrong values. */
  misunderstandings: number;
  /** Share of wrong programs that follow one, the first twice as often as the second, and so on. */
  shared: number;
  /** Chance that a wrong program raises on a kind on which it is wrong, instead of returning a value. */
  raises: number;
  /** Chance that a problem leaves one kind open, on which right programs split two to one. */
  openKind: number;
  /** Share of expected values that are right, by problem: uniform between these. */
  expectedRight: readonly [number, number];
  /** Chance that a wrong expected value is what the first misunderstanding returns. */
  expectedMisunderstood: number;
  /** Share of programs that do nothing: every answer is None. */
  empty: number;
  /** Log of (perplexity − 1): mean and deviation, and how much lower the mean of right programs is. */
  perplexity: { mean: number; deviation: number; rightIsLowerBy: number };
};

/** A model that is right more often than not, and whose tests are mostly right. */
export const STRONGER_MODEL: PopulationModel = {
  candidates: 64,
  tests: 40,
  right: { a: 0.9, b: 0.8 },
  kinds: 6,
  hiddenKinds: 1,
  wrongOnKind: 0.35,
  misunderstandings: 4,
  shared: 0.5,
  raises: 0.15,
  openKind: 0.3,
  expectedRight: [0.5, 0.95],
  expectedMisunderstood: 0.4,
  empty: 0.04,
  // The paper's samples: mean 1.03, deviation 0.03.
  perplexity: { mean: -3.8, deviation: 0.7, rightIsLowerBy: 0.3 },
};

/** The same with one assumption made worse, to see what a strategy leans on. */
export const VARIATIONS: Readonly<Record<string, PopulationModel>> = {
  'stronger model': STRONGER_MODEL,
  'expected values mostly wrong': { ...STRONGER_MODEL, expectedRight: [0.1, 0.5] },
  'weak model': {
    ...STRONGER_MODEL,
    right: { a: 0.5, b: 1.5 },
    expectedRight: [0.3, 0.6],
    empty: 0.2,
    shared: 0.6,
  },
  'shared misunderstandings': { ...STRONGER_MODEL, shared: 0.85, misunderstandings: 2 },
};
