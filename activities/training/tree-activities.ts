/** Reads the syntax trees that decontamination compares, on the machine that has the trainer’s Python. */
import { Reference } from '../../core/problems/contamination.ts';
import { ProgramTrees } from '../../core/problems/program-trees.ts';
import { cancellationSignal, whileHeartbeating } from '../context.ts';
import { referencesKey, treesOfReferencesKey } from '../evaluation/benchmark-references.ts';
import { interpreterIfAny } from '../interpreter-if-any.ts';
import { type StepContext, stopwatch } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { datasetIterations, readPairs, treesKey } from './dataset-sources.ts';
import { type Program, parseTrees } from './parse-trees.ts';

export type TreeDependencies = {
  store: ObjectStore;
  /** Path of an interpreter. Thrown: machine-incomplete. */
  python: () => Promise<string>;
};

export type ReadTreesInput = StepContext & {
  data: 'cumulative' | 'iteration';
  /** Benchmarks whose solutions are compared with. */
  benchmarks: readonly string[];
};

export const createTreeActivities = ({ store, python }: TreeDependencies) => ({
  /**
   * Reads the trees of what a dataset would be made of, and of the benchmarks’ solutions. False where this machine
   * has no Python: the dataset is then compared without trees, and says so. Safe to repeat: what is stored, by this
   * or an earlier iteration, is not read again.
   */
  async readTrees(i: ReadTreesInput): Promise<{ read: boolean; seconds: number }> {
    const seconds = stopwatch();
    const interpreter = await interpreterIfAny(python);
    if (interpreter === undefined) return { read: false, seconds: seconds() };
    const keep = (key: string, programsOf: () => Promise<Program[]>) =>
      store.onceLines(key, ProgramTrees, async () => {
        const programs = await programsOf();
        return whileHeartbeating(parseTrees(interpreter, programs, cancellationSignal()));
      });
    for (const benchmark of i.benchmarks) {
      await keep(treesOfReferencesKey(i.campaignId, benchmark), async () => {
        const references = await store.readJsonLines(referencesKey(i.campaignId, benchmark), Reference);
        return references.map(({ id, prompt, solution }) => ({ id, code: prompt + solution }));
      });
    }
    for (const n of datasetIterations(i)) {
      await keep(treesKey(i, n), async () =>
        (await readPairs(store, i, n)).map(({ problem, code }) => ({ id: problem.id, code })),
      );
    }
    return { read: true, seconds: seconds() };
  },
});
export type TreeActivities = ReturnType<typeof createTreeActivities>;
