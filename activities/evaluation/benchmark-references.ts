/** What a benchmark asks and how it is solved, kept beside its questions so that no training data repeats it. */
import { layout } from '../../core/layout.ts';
import { Contamination, Reference } from '../../core/problems/contamination.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** Benchmarks are prepared once, for the base model. */
const PREPARED_IN = 0;

export const referencesKey = (campaignId: string, benchmark: string): string =>
  layout.work({ campaignId }, PREPARED_IN, 'references', `${benchmark}.jsonl`);

export const readReferences = async (
  store: ObjectStore,
  campaignId: string,
  benchmarks: readonly string[],
): Promise<Contamination> => {
  const contamination = new Contamination();
  for (const benchmark of benchmarks) {
    const references = await store.readJsonLines(referencesKey(campaignId, benchmark), Reference);
    for (const reference of references) contamination.add(benchmark, reference);
  }
  return contamination;
};
