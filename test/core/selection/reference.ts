/**
 * The contract's six steps of `select`, written straight from its text and as plainly as possible: pairwise
 * comparisons, fractions of big integers, repeated scans. Shares no code with core/selection.
 */
import type { SelectionMatrix } from '../../../core/selection/selection-matrix.ts';

export type ReferenceFlags = {
  signature: 'outcome' | 'output';
  reliability: 'executes' | 'passes';
  /** Decimal text, as typed. */
  minReliability: string;
  minClusterSize: number;
};

export type ReferenceResult = {
  selected: string | null;
  clusters: { members: string[]; size: number; signature: string | string[] }[];
  rejected: string[];
  droppedTests: string[];
};

type Candidate = SelectionMatrix['candidates'][number];

export const referenceSelect = (matrix: SelectionMatrix, flags: ReferenceFlags): ReferenceResult => {
  const testId = (t: number): string => {
    const test = matrix.tests[t];
    if (test === undefined) throw new Error('no such test');
    return typeof test === 'string' ? test : test.id;
  };
  const all = Array.from(matrix.tests.keys());
  const answered = (c: Candidate, t: number) => ['pass', 'fail'].includes(c.outcomes[t] ?? '');

  // 1. A test to which no candidate has an answer is dropped.
  const dropped = all.filter((t) => matrix.candidates.filter((c) => answered(c, t)).length === 0);
  const remaining = all.filter((t) => !dropped.includes(t));

  // 2. e(r) as a fraction, compared exactly with the decimal.
  const numerator = (c: Candidate): number =>
    remaining.filter((t) => (flags.reliability === 'executes' ? answered(c, t) : c.outcomes[t] === 'pass'))
      .length;
  const [whole = '0', decimals = ''] = flags.minReliability.split('.');
  const limit = { over: BigInt(whole + decimals), under: 10n ** BigInt(decimals.length) };
  const isReliable = (c: Candidate): boolean => {
    const [over, under] =
      remaining.length === 0 ? [0n, 1n] : [BigInt(numerator(c)), BigInt(remaining.length)];
    return over * limit.under >= limit.over * under;
  };
  const reliable = matrix.candidates.filter(isReliable);

  // 3. Clusters of equal signatures.
  const entry = (c: Candidate, t: number): string =>
    (answered(c, t) ? c.outputs?.[t] : null) ?? c.outcomes[t] ?? 'missing';
  const signature = (c: Candidate): string | string[] =>
    flags.signature === 'outcome'
      ? all.map((t) => (dropped.includes(t) ? '-' : c.outcomes[t] === 'pass' ? '1' : '0')).join('')
      : remaining.map((t) => entry(c, t));
  const sameSignature = (a: Candidate, b: Candidate): boolean => {
    const [left, right] = [[...signature(a)], [...signature(b)]];
    return left.length === right.length && left.every((part, i) => part === right[i]);
  };
  const clusters = reliable
    .filter((c, i) => !reliable.slice(0, i).some((earlier) => sameSignature(earlier, c)))
    .map((c) => reliable.filter((other) => sameSignature(c, other)));

  // 5. Best within a cluster, and the order of equal clusters.
  const better = (a: Candidate, b: Candidate): boolean => {
    if (numerator(a) !== numerator(b)) return numerator(a) > numerator(b);
    const [pa, pb] = [a.perplexity ?? Number.POSITIVE_INFINITY, b.perplexity ?? Number.POSITIVE_INFINITY];
    if (pa !== pb) return pa < pb;
    return codeUnits(a.id, b.id) < 0;
  };
  const bestOf = (cluster: Candidate[]): Candidate => {
    const best = cluster.find((c) => cluster.every((other) => other === c || better(c, other)));
    if (!best) throw new Error('no best member');
    return best;
  };
  const ordered = [...clusters].sort((a, b) =>
    a.length === b.length ? (better(bestOf(a), bestOf(b)) ? -1 : 1) : b.length - a.length,
  );

  // 4. Non-trivial clusters.
  const isNonTrivial = (cluster: Candidate[]): boolean => {
    const [c] = cluster;
    if (!c || cluster.length < flags.minClusterSize) return false;
    if (flags.signature === 'outcome') return remaining.some((t) => c.outcomes[t] === 'pass');
    const entries = remaining.map((t) => entry(c, t));
    const constant = entries.length >= 2 && entries.every((text) => text === entries[0]);
    return remaining.some((t) => answered(c, t)) && !constant;
  };
  const winner = ordered.find(isNonTrivial);

  return {
    selected: winner ? bestOf(winner).id : null,
    clusters: ordered.map((cluster) => ({
      members: cluster.map(({ id }) => id).sort(codeUnits),
      size: cluster.length,
      signature: signature(bestOf(cluster)),
    })),
    rejected: matrix.candidates.filter((c) => !isReliable(c)).map(({ id }) => id),
    droppedTests: dropped.map(testId),
  };
};

/** UTF-16 code units one by one. */
export const codeUnits = (a: string, b: string): number => {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    if (a.charCodeAt(i) !== b.charCodeAt(i)) return a.charCodeAt(i) - b.charCodeAt(i);
  }
  return a.length - b.length;
};
