/** Lint as a step of a campaign, on the machine that has the trainer’s Python. */
import type { SelectionConfig } from '../../core/config/selection-config.ts';
import { Matrix } from '../../core/execution/batch.ts';
import { layout } from '../../core/layout.ts';
import { matrixForSelection } from '../../core/selection/matrix-for-selection.ts';
import { LintFindings, lintTargets } from '../../core/selection/signals/lint-findings.ts';
import { cancellationSignal, whileHeartbeating } from '../context.ts';
import { readCandidates, readUsableTests } from '../evaluation/problem-objects.ts';
import { type StepContext, stopwatch } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { countFindings } from './ruff.ts';

export type LintDependencies = {
  store: ObjectStore;
  /** Path of the interpreter that has ruff. */
  python: () => Promise<string>;
};

export type LintCandidatesInput = StepContext & {
  problemId: string;
  chunks: number;
  policy: SelectionConfig;
};

export const createLintActivities = ({ store, python }: LintDependencies) => ({
  /** Counts the findings in the candidates that may be chosen. Safe to repeat: they depend on the sources only. */
  async lintCandidates(i: LintCandidatesInput): Promise<{ linted: number; seconds: number }> {
    const seconds = stopwatch();
    const key = layout.work(i, i.iteration, 'lint', `${i.problemId}.json`);
    const { findings } = await store.once(key, LintFindings, async () => {
      const candidates = await readCandidates(store, i, i.problemId, i.chunks);
      const matrix = await store.readJson(layout.matrix(i, i.iteration, i.problemId), Matrix);
      const tests = await readUsableTests(store, i, i.problemId);
      const targets = lintTargets(matrixForSelection(matrix, tests, candidates), {
        ...i.policy,
        seed: i.seed,
      });
      const signal = cancellationSignal();
      return { findings: await whileHeartbeating(countFindings(await python(), targets, signal)) };
    });
    return { linted: Object.keys(findings).length, seconds: seconds() };
  },
});
export type LintActivities = ReturnType<typeof createLintActivities>;
