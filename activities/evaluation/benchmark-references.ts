/** What a benchmark asks and how it is solved, kept beside its questions so that no training data repeats it. */
import { layout } from '../../core/layout.ts';
import { Contamination, Reference } from '../../core/problems/contamination.ts';
import { ProgramTrees } from '../../core/problems/program-trees.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** Benchmarks are prepared once, for the base model. */
const PREPARED_IN = 0;

export const referencesKey = (campaignId: string, benchmark: string): string =>
  layout.work({ campaignId }, PREPARED_IN, 'references', `${benchmark}.jsonl`);

export const treesOfReferencesKey = (campaignId: string, benchmark: string): string =>
  layout.work({ campaignId }, PREPARED_IN, 'references', `${benchmark}-trees.jsonl`);

/** By benchmark. */
export type ReferenceTrees = ReadonlyMap<string, readonly ProgramTrees[]>;

/** What readTrees stored. */
export const readReferenceTrees = async (
  store: ObjectStore,
  campaignId: string,
  benchmarks: readonly string[],
): Promise<ReferenceTrees> => {
  const trees = new Map<string, ProgramTrees[]>();
  for (const benchmark of benchmarks) {
    const key = treesOfReferencesKey(campaignId, benchmark);
    trees.set(benchmark, await store.readJsonLines(key, ProgramTrees));
  }
  return trees;
};

/** `trees`: those of the references, where they were read. */
export const readReferences = async (
  store: ObjectStore,
  campaignId: string,
  benchmarks: readonly string[],
  trees: ReferenceTrees = new Map(),
): Promise<Contamination> => {
  const contamination = new Contamination();
  for (const benchmark of benchmarks) {
    const references = await store.readJsonLines(referencesKey(campaignId, benchmark), Reference);
    const treesOf = new Map(trees.get(benchmark)?.map((program) => [program.id, program.trees]));
    for (const reference of references) contamination.add(benchmark, reference, treesOf.get(reference.id));
  }
  return contamination;
};
