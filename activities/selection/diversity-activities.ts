/** Diversity as a step of a campaign, at the barrier where an iteration’s dataset is published. */
import { z } from 'zod';
import { DatasetRow } from '../../core/dataset/dataset-row.ts';
import { layout } from '../../core/layout.ts';
import { fencedBlocks } from '../../core/prompts/code-blocks.ts';
import {
  DiversityMeasure,
  type DiversitySummary,
  ProblemDiversity,
  summariseDiversity,
} from '../../core/selection/diversity.ts';
import { StoredSelection } from '../../core/selection/stored-selection.ts';
import { cancellationSignal, whileHeartbeating } from '../context.ts';
import { interpreterIfAny } from '../interpreter-if-any.ts';
import { type StepContext, stopwatch } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { measurePrograms } from './measure-programs.ts';
import { allCandidates } from './stored-problems.ts';

export type DiversityDependencies = {
  store: ObjectStore;
  /** Path of an interpreter. Thrown: machine-incomplete. */
  python: () => Promise<string>;
};

const SelectionLine = StoredSelection.pick({ selected: true, clusters: true }).extend({
  problemId: z.string(),
});
type SelectionLine = z.infer<typeof SelectionLine>;

/** Problems measured by one process and stored as one object: what a retry repeats at most. */
const SLICE = 32;

export const createDiversityActivities = ({ store, python }: DiversityDependencies) => ({
  /**
   * Measures each problem’s candidates, those that agree with the chosen one, and the dataset. Null where this
   * machine has no Python: nothing depends on it. Safe to repeat: slices are stored once and depend on sources only.
   */
  async measureDiversity(i: StepContext): Promise<{ summary: DiversitySummary | null; seconds: number }> {
    const seconds = stopwatch();
    const interpreter = await interpreterIfAny(python);
    if (interpreter === undefined) return { summary: null, seconds: seconds() };
    const measure = (groups: readonly (readonly string[])[]) =>
      whileHeartbeating(measurePrograms(interpreter, groups, cancellationSignal()));
    const work = (file: string) => layout.work(i, i.iteration, 'diversity', file);

    const lines = await store.readJsonLines(layout.selections(i, i.iteration), SelectionLine);
    const problems: ProblemDiversity[] = [];
    for (let from = 0; from < lines.length; from += SLICE) {
      const slice = lines.slice(from, from + SLICE);
      const measured = await store.onceLines(work(`${from / SLICE}.jsonl`), ProblemDiversity, async () =>
        measureSlice(store, i, slice, measure),
      );
      problems.push(...measured);
    }
    const dataset = await store.once(work('dataset.json'), DiversityMeasure.nullable(), async () => {
      const key = layout.dataset(i, i.iteration, 'data/train.jsonl');
      const rows = await store.readJsonLines(key, DatasetRow);
      const [measured = null] = await measure([rows.flatMap(answerCode)]);
      return measured;
    });
    return { summary: summariseDiversity(problems, dataset), seconds: seconds() };
  },
});
export type DiversityActivities = ReturnType<typeof createDiversityActivities>;

type Measure = (groups: readonly (readonly string[])[]) => Promise<(DiversityMeasure | null)[]>;

const measureSlice = async (
  store: ObjectStore,
  i: StepContext,
  slice: readonly SelectionLine[],
  measure: Measure,
): Promise<ProblemDiversity[]> => {
  const groups: string[][] = [];
  for (const { problemId, selected, clusters } of slice) {
    const candidates = (await allCandidates(store, i, i.iteration, problemId)).filter(
      ({ code }) => code !== '',
    );
    const chosen = clusters.find(({ members }) => selected !== null && members.includes(selected));
    const agreeing = new Set(chosen?.members ?? []);
    groups.push(candidates.map(({ code }) => code));
    groups.push(candidates.filter(({ id }) => agreeing.has(id)).map(({ code }) => code));
  }
  const measures = await measure(groups);
  return slice.map(({ problemId, selected }, index) => ({
    problemId,
    sampled: measures[2 * index] ?? null,
    agreeing: selected === null ? null : (measures[2 * index + 1] ?? null),
  }));
};

const answerCode = ({ messages }: DatasetRow): string[] => fencedBlocks(messages.at(-1)?.content ?? '');
