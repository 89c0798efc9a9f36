/** Publishes what an iteration trains on, in the two formats that its readers expect, with a card. */
import { z } from 'zod';
import { datasetCard } from '../../core/dataset/dataset-card.ts';
import { DatasetRow } from '../../core/dataset/dataset-row.ts';
import { modelLicence } from '../../core/dataset/model-licences.ts';
import { type TrainingRows, trainingRows } from '../../core/dataset/training-rows.ts';
import { layout } from '../../core/layout.ts';
import { Overlap } from '../../core/problems/contamination.ts';
import { PromptSet } from '../../core/prompts/prompt-set.ts';
import { trainingMessages } from '../../core/prompts/training-messages.ts';
import { readReferences } from '../evaluation/benchmark-references.ts';
import { type StepContext, stopwatch } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { datasetParquet } from './dataset-parquet.ts';
import { readHeldout, readPairs } from './dataset-sources.ts';

export type PublishDatasetInput = StepContext & {
  data: 'cumulative' | 'iteration';
  baseModel: string;
  /** The iteration whose problems are held out for validation, where there is one. */
  heldoutIteration: number | null;
  /** Benchmarks of which nothing may be trained on. */
  benchmarks: readonly string[];
};

export type PublishedDataset = {
  pairs: number;
  /** Those of this iteration among them. */
  newPairs: number;
  /** The dataset's folder. */
  uri: string;
  /** Pairs left out because their solution overlaps a benchmark. */
  contaminated: number;
  seconds: number;
};

/** A line of contamination/solutions.jsonl. */
const RemovedSolution = z.object({ iteration: z.int(), problemId: z.string(), overlap: Overlap });

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
      seconds: seconds(),
    };
  },
});
export type DatasetActivities = ReturnType<typeof createDatasetActivities>;

const makeRows = async (
  store: ObjectStore,
  input: PublishDatasetInput,
): Promise<TrainingRows & { contaminated: number }> => {
  const { campaignId, iteration, data, heldoutIteration, benchmarks } = input;
  const first = data === 'cumulative' ? 1 : iteration;
  const pairs = [];
  for (let n = first; n <= iteration; n += 1) pairs.push(...(await readPairs(store, input, n)));
  const promptSet = await store.readJson(layout.prompts(campaignId), PromptSet);
  const references = await readReferences(store, campaignId, benchmarks);
  const overlaps = pairs.flatMap((pair) => {
    const overlap = references.ofProgram(pair.code);
    return overlap ? [{ iteration: pair.iteration, problemId: pair.problem.id, overlap }] : [];
  });
  const listed = await store.onceLines(
    layout.contamination(input, iteration, 'solutions'),
    RemovedSolution,
    async () => overlaps,
  );
  const removed = new Set(listed.map((line) => `${line.iteration}/${line.problemId}`));
  const clean = pairs.filter((pair) => !removed.has(`${pair.iteration}/${pair.problem.id}`));
  const heldout = await readHeldout(store, input, heldoutIteration);
  const rows = trainingRows(clean, heldout, (problem, code) => trainingMessages(promptSet, problem, code));
  return { ...rows, contaminated: removed.size };
};

const makeCard = async (
  store: ObjectStore,
  input: PublishDatasetInput,
  rows: readonly DatasetRow[],
  { heldout, duplicates }: TrainingRows,
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
    duplicates,
  });
};
