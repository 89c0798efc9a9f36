/** Publishes what an iteration trains on, in the two formats that its readers expect, with a card. */
import { datasetCard } from '../../core/dataset/dataset-card.ts';
import { DatasetRow } from '../../core/dataset/dataset-row.ts';
import {
  findOverlaps,
  type Overlaps,
  type ReadTrees,
  RemovedSolution,
  tellOverlaps,
} from '../../core/dataset/find-overlaps.ts';
import { modelLicence } from '../../core/dataset/model-licences.ts';
import { type TrainingPair, type TrainingRows, trainingRows } from '../../core/dataset/training-rows.ts';
import { layout } from '../../core/layout.ts';
import { ProgramTrees } from '../../core/problems/program-trees.ts';
import { PromptSet } from '../../core/prompts/prompt-set.ts';
import { trainingMessages } from '../../core/prompts/training-messages.ts';
import {
  type ReferenceTrees,
  readReferences,
  readReferenceTrees,
} from '../evaluation/benchmark-references.ts';
import { type StepContext, stopwatch } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { datasetParquet } from './dataset-parquet.ts';
import { datasetIterations, readHeldout, readPairs, treesKey } from './dataset-sources.ts';

export type PublishDatasetInput = StepContext & {
  data: 'cumulative' | 'iteration';
  baseModel: string;
  /** The iteration whose problems are held out for validation, where there is one. */
  heldoutIteration: number | null;
  /** Benchmarks of which nothing may be trained on. */
  benchmarks: readonly string[];
  /** Whether readTrees has read the syntax trees of all this. */
  trees?: boolean;
};

export type PublishedDataset = {
  pairs: number;
  /** Those of this iteration among them. */
  newPairs: number;
  /** The dataset's folder. */
  uri: string;
  /** Pairs left out because their solution overlaps a benchmark. */
  contaminated: number;
  overlaps: Overlaps;
  seconds: number;
};

export const createDatasetActivities = ({ store }: { store: ObjectStore }) => ({
  /**
   * Writes dataset/data/train.jsonl, its Parquet twin and the card. Safe to repeat: rows are a function of
   * stored selections, and what is already stored is read back rather than made again.
   */
  async publishDataset(input: PublishDatasetInput): Promise<PublishedDataset> {
    const seconds = stopwatch();
    const { iteration } = input;
    const key = (file: string) => layout.dataset(input, iteration, file);
    const made = await makeRows(store, input);
    const rows = await store.onceLines(key('data/train.jsonl'), DatasetRow, async () => made.rows);
    await store.put(
      key('data/train-00000-of-00001.parquet'),
      datasetParquet(rows),
      'application/vnd.apache.parquet',
    );
    await store.put(
      key('README.md'),
      await makeCard(store, input, rows, made),
      'text/markdown; charset=utf-8',
    );
    return {
      pairs: rows.length,
      newPairs: rows.filter((row) => row.iteration === iteration).length,
      uri: store.uri(key('')),
      contaminated: made.contaminated,
      overlaps: made.overlaps,
      seconds: seconds(),
    };
  },
});
export type DatasetActivities = ReturnType<typeof createDatasetActivities>;

type MadeRows = TrainingRows & { contaminated: number; overlaps: Overlaps };

const makeRows = async (store: ObjectStore, input: PublishDatasetInput): Promise<MadeRows> => {
  const { campaignId, iteration, heldoutIteration, benchmarks } = input;
  const pairs: TrainingPair[] = [];
  for (const n of datasetIterations(input)) pairs.push(...(await readPairs(store, input, n)));
  const promptSet = await store.readJson(layout.prompts(campaignId), PromptSet);
  const ofReferences = input.trees ? await readReferenceTrees(store, campaignId, benchmarks) : undefined;
  const trees = ofReferences && (await joinTrees(store, input, pairs, ofReferences));
  const references = await readReferences(store, campaignId, benchmarks, ofReferences);
  const listed = await store.onceLines(
    layout.contamination(input, iteration, 'solutions'),
    RemovedSolution,
    async () => findOverlaps(pairs, references, trees),
  );
  const removed = new Set(listed.map((line) => `${line.iteration}/${line.problemId}`));
  const clean = pairs.filter((pair) => !removed.has(`${pair.iteration}/${pair.problem.id}`));
  const heldout = await readHeldout(store, input, heldoutIteration);
  const rows = trainingRows(clean, heldout, (problem, code) => trainingMessages(promptSet, problem, code));
  return { ...rows, contaminated: removed.size, overlaps: tellOverlaps(listed, trees) };
};

const joinTrees = async (
  store: ObjectStore,
  input: PublishDatasetInput,
  pairs: readonly TrainingPair[],
  ofReferences: ReferenceTrees,
): Promise<ReadTrees> => {
  const solutions = new Map<TrainingPair, ProgramTrees>();
  for (const n of datasetIterations(input)) {
    const programs = await store.readJsonLines(treesKey(input, n), ProgramTrees);
    const byProblem = new Map(programs.map((program) => [program.id, program]));
    for (const pair of pairs) {
      const program = pair.iteration === n ? byProblem.get(pair.problem.id) : undefined;
      if (program) solutions.set(pair, program);
    }
  }
  return { solutions, references: [...ofReferences.values()].flat() };
};

const makeCard = async (
  store: ObjectStore,
  input: PublishDatasetInput,
  rows: readonly DatasetRow[],
  { heldout, contaminated, duplicates }: MadeRows,
): Promise<string> => {
  const promptsKey = layout.prompts(input.campaignId);
  const rowsByIteration: Record<number, number> = {};
  for (const row of rows) rowsByIteration[row.iteration] = (rowsByIteration[row.iteration] ?? 0) + 1;
  return datasetCard({
    ...input,
    licence: modelLicence(input.baseModel),
    promptSet: (await store.readJson(promptsKey, PromptSet)).name,
    promptsSha256: (await store.find(promptsKey))?.sha256 ?? 'unknown',
    rowsByIteration,
    heldout,
    contaminated,
    duplicates,
  });
};
