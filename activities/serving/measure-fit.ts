/** The fit of a served model to a dataset, measured once and kept beside it. */
import { z } from 'zod';
import { DatasetRow } from '../../core/dataset/dataset-row.ts';
import { UcoderError } from '../../core/errors.ts';
import { layout } from '../../core/layout.ts';
import type { ModelStepContext } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { meanLogProbability } from './measure-log-probability.ts';
import type { ModelServer } from './model-server.ts';

export const Fit = z.strictObject({
  /** Null where the server does not score prompts. */
  meanLogProbability: z.number().nullable(),
  answers: z.int(),
  tokens: z.int(),
});
export type Fit = z.infer<typeof Fit>;

/** Enough for a mean; scoring thousands of answers would hold up the campaign. */
const MAX_ANSWERS = 64;

export const measureDatasetFit = (
  store: ObjectStore,
  server: ModelServer,
  i: ModelStepContext & { datasetIteration: number },
  signal: AbortSignal,
): Promise<Fit> =>
  store.once(
    layout.work(i, i.datasetIteration, 'fit', `${i.servedModel.replace(/[^\w.-]+/g, '_')}.json`),
    Fit,
    async () => {
      const rows = await store.readJsonLines(
        layout.dataset(i, i.datasetIteration, 'data/train.jsonl'),
        DatasetRow,
      );
      const chats = evenly(rows, MAX_ANSWERS).map((row) => row.messages);
      try {
        const { mean, tokens } = await meanLogProbability(server, i.servedModel, chats, signal);
        return { meanLogProbability: mean, answers: chats.length, tokens };
      } catch (thrown) {
        // Not every server scores prompts; the campaign goes on without this number.
        if (thrown instanceof UcoderError && thrown.code === 'model-refused') {
          return { meanLogProbability: null, answers: 0, tokens: 0 };
        }
        throw thrown;
      }
    },
  );

/** At most `limit` items, spread over the whole list. */
const evenly = <T>(items: readonly T[], limit: number): T[] => {
  const step = Math.max(1, items.length / limit);
  return items.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
};
