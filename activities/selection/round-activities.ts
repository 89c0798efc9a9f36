/** Ends a round of adaptive sampling: joins what ran so far and says whether the rest can change the outcome. */
import type { SelectionConfig } from '../../core/config/selection-config.ts';
import { Matrix } from '../../core/execution/batch.ts';
import { joinRounds } from '../../core/execution/join-rounds.ts';
import { layout } from '../../core/layout.ts';
import type { StopReason } from '../../core/sampling/stop-sampling.ts';
import { adaptiveStop } from '../../core/selection/adaptive-stop.ts';
import { matrixForSelection } from '../../core/selection/matrix-for-selection.ts';
import { readCandidates, readUsableTests } from '../evaluation/problem-objects.ts';
import { type StepContext, stopwatch } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';

export type CloseRoundInput = StepContext & {
  problemId: string;
  /** Rounds so far, and their chunks. */
  rounds: number;
  chunks: number;
  isLast: boolean;
  /** Candidates that are sampled at most. */
  total: number;
  /** Chance of another outcome at which sampling may stop. */
  risk: number;
  policy: SelectionConfig;
};

export const createRoundActivities = ({ store }: { store: ObjectStore }) => ({
  /** Safe to repeat: the answer is a function of stored rounds, and the joined matrix is stored once. */
  async closeRound(i: CloseRoundInput): Promise<{ stop: StopReason | null; seconds: number }> {
    const seconds = stopwatch();
    const rounds = await Promise.all(
      Array.from({ length: i.rounds }, (_, round) =>
        store.readJson(layout.roundMatrix(i, i.iteration, i.problemId, round), Matrix),
      ),
    );
    const [first, ...later] = rounds;
    if (!first) return { stop: null, seconds: seconds() };
    const joined = joinRounds([first, ...later]);
    const candidates = await readCandidates(store, i, i.problemId, i.chunks);
    const tests = await readUsableTests(store, i, i.problemId);
    const policy = { ...i.policy, seed: i.seed };
    const { total, risk } = i;
    const horizon = { sampled: candidates.length, total, risk };
    const stop = adaptiveStop(matrixForSelection(joined, tests, candidates), policy, horizon);
    if (stop !== undefined || i.isLast)
      await store.once(layout.matrix(i, i.iteration, i.problemId), Matrix, async () => joined);
    return { stop: stop ?? null, seconds: seconds() };
  },
});
export type RoundActivities = ReturnType<typeof createRoundActivities>;
