/** Selection as a step of a campaign: reads a problem’s matrix and candidates, applies the pure rule, stores why. */
import type { SelectionConfig } from '../../core/config/selection-config.ts';
import { Matrix } from '../../core/execution/batch.ts';
import { layout } from '../../core/layout.ts';
import type { Candidate } from '../../core/sampling/candidate.ts';
import { type ConsensusSummary, summariseConsensus } from '../../core/selection/consensus-summary.ts';
import { matrixForSelection } from '../../core/selection/matrix-for-selection.ts';
import { LintFindings, usesLint } from '../../core/selection/signals/lint-findings.ts';
import { StoredSelection, selectToStore } from '../../core/selection/stored-selection.ts';
import { readCandidates, readUsableTests } from '../evaluation/problem-objects.ts';
import { type StepContext, stopwatch } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { allCandidates } from './stored-problems.ts';

export type SelectCandidateInput = StepContext & {
  problemId: string;
  chunks: number;
  policy: SelectionConfig;
};

export type SelectCandidateResult = {
  selected: string | null;
  reason?: string;
  /** Of all candidates, in the cluster of the selected one; 0 where none is selected. */
  share: number;
  clusters: number;
  candidates: number;
  /** Candidates whose program repeats another one’s, character for character. */
  identicalTexts: number;
  droppedTests: number;
  seconds: number;
};

export const createSelectionActivities = ({ store }: { store: ObjectStore }) => ({
  /** Chooses one candidate of a problem. Safe to repeat: the choice is a function of what is stored. */
  async selectCandidate(i: SelectCandidateInput): Promise<SelectCandidateResult> {
    const seconds = stopwatch();
    const candidates = await readCandidates(store, i, i.problemId, i.chunks);
    const key = layout.work(i, i.iteration, 'selections', `${i.problemId}.json`);
    const selection = await store.once(key, StoredSelection, async () => {
      const matrix = await store.readJson(layout.matrix(i, i.iteration, i.problemId), Matrix);
      const tests = await readUsableTests(store, i, i.problemId);
      const lint = usesLint(i.policy) ? await readLint(store, i) : {};
      return selectToStore(matrixForSelection(matrix, tests, candidates, lint), {
        ...i.policy,
        seed: i.seed,
      });
    });
    return {
      selected: selection.selected,
      ...(selection.reason === undefined ? {} : { reason: selection.reason }),
      share: selection.evidence?.clusterShare ?? 0,
      clusters: selection.clusters.length,
      candidates: selection.health.candidates,
      identicalTexts: identicalTexts(candidates),
      droppedTests: selection.droppedTests.length,
      seconds: seconds(),
    };
  },

  /** Whether a candidate of a problem can be trained on. Safe to repeat: it only reads. */
  async hasProgram(i: StepContext & { problemId: string; candidate: string }): Promise<boolean> {
    const candidates = await allCandidates(store, i, i.iteration, i.problemId);
    return candidates.some(({ id, code, discarded }) => id === i.candidate && code !== '' && !discarded);
  },

  /**
   * What the iteration’s gathered selections say together. Safe to repeat: it is a function of them, in the order
   * of the problems.
   */
  async summariseConsensus(i: StepContext): Promise<ConsensusSummary & { seconds: number }> {
    const seconds = stopwatch();
    const key = layout.selections(i, i.iteration);
    const summary = summariseConsensus(await store.readJsonLines(key, StoredSelection));
    return { ...summary, seconds: seconds() };
  },
});
export type SelectionActivities = ReturnType<typeof createSelectionActivities>;

const readLint = async (store: ObjectStore, i: SelectCandidateInput): Promise<Record<string, number>> => {
  const key = layout.work(i, i.iteration, 'lint', `${i.problemId}.json`);
  return (await store.readJson(key, LintFindings)).findings;
};

const identicalTexts = (candidates: readonly Candidate[]): number => {
  const codes = candidates.filter(({ code }) => code !== '').map(({ code }) => code);
  return codes.length - new Set(codes).size;
};
