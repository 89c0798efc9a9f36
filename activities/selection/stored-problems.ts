/** The problems of a campaign as they lie in the bucket, one after the other, for replaying selections. */
import { z } from 'zod';
import { Matrix } from '../../core/execution/batch.ts';
import { layout, type Place } from '../../core/layout.ts';
import { problemText } from '../../core/problems/duplicates.ts';
import { Problem } from '../../core/problems/problem.ts';
import { Candidate } from '../../core/sampling/candidate.ts';
import type { StoredProblem } from '../../core/selection/ablation/stored-problem.ts';
import { matrixForSelection } from '../../core/selection/matrix-for-selection.ts';
import { LintFindings } from '../../core/selection/signals/lint-findings.ts';
import { readUsableTests } from '../evaluation/problem-objects.ts';
import type { ObjectStore } from '../store/object-store.ts';

const SelectionLine = z.object({ problemId: z.string(), selected: z.string().nullable() });
const Heldout = z.object({ problems: z.array(z.object({ id: z.string() })) });

/** Iterations whose selections are gathered, in their order. Rounds of adaptive sampling lie joined in one matrix. */
export async function* storedProblems(
  store: ObjectStore,
  at: Place,
  iterations: number,
): AsyncGenerator<StoredProblem> {
  for (let iteration = 1; iteration <= iterations; iteration += 1) {
    const key = layout.selections(at, iteration);
    if (!(await store.find(key))) continue;
    const heldout = await heldoutIds(store, at, iteration);
    for (const line of await store.readJsonLines(key, SelectionLine)) {
      yield await storedProblem(store, at, iteration, line, heldout);
    }
  }
}

const storedProblem = async (
  store: ObjectStore,
  at: Place,
  iteration: number,
  { problemId, selected }: z.infer<typeof SelectionLine>,
  heldout: ReadonlySet<string>,
): Promise<StoredProblem> => {
  const step = { ...at, iteration, seed: 0 };
  const [matrix, tests, problem, candidates, lint] = await Promise.all([
    store.readJson(layout.matrix(at, iteration, problemId), Matrix),
    readUsableTests(store, step, problemId),
    store.readJson(layout.work(at, iteration, 'problems', `${problemId}.json`), Problem),
    allCandidates(store, at, iteration, problemId),
    lintOf(store, at, iteration, problemId),
  ]);
  return {
    matrix: matrixForSelection(matrix, tests, candidates, lint),
    chosen: selected,
    tokens: new Map(candidates.map(({ id, tokens }) => [id, tokens])),
    question: problemText(problem),
    isHeldout: heldout.has(problemId),
  };
};

/** Of those candidates that the campaign's own strategy looked at; nothing where its settings never asked for it. */
const lintOf = async (
  store: ObjectStore,
  at: Place,
  iteration: number,
  problemId: string,
): Promise<Record<string, number>> => {
  const key = layout.work(at, iteration, 'lint', `${problemId}.json`);
  return (await store.find(key)) ? (await store.readJson(key, LintFindings)).findings : {};
};

/** Chunks are numbered without gaps. */
export const allCandidates = async (
  store: ObjectStore,
  at: Place,
  iteration: number,
  problemId: string,
): Promise<Candidate[]> => {
  const candidates: Candidate[] = [];
  for (let chunk = 0; ; chunk += 1) {
    const key = layout.candidates(at, iteration, problemId, chunk);
    if (!(await store.find(key))) return candidates;
    candidates.push(...(await store.readJsonLines(key, Candidate)));
  }
};

const heldoutIds = async (store: ObjectStore, at: Place, iteration: number): Promise<ReadonlySet<string>> => {
  const key = layout.work(at, iteration, 'heldout.json');
  if (!(await store.find(key))) return new Set();
  return new Set((await store.readJson(key, Heldout)).problems.map(({ id }) => id));
};
