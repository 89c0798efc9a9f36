/** Reads what the selections of an iteration chose: problem, code, and where they come from. */
import pLimit from 'p-limit';
import { z } from 'zod';
import type { HeldoutProblems, TrainingPair } from '../../core/dataset/training-rows.ts';
import { UcoderError } from '../../core/errors.ts';
import { layout, type Place } from '../../core/layout.ts';
import { Problem } from '../../core/problems/problem.ts';
import { Candidate } from '../../core/sampling/candidate.ts';
import { heartbeat } from '../context.ts';
import type { ObjectStore } from '../store/object-store.ts';

const SelectionLine = z.looseObject({ problemId: z.string(), selected: z.string().nullable() });
const HeldoutDocument = z.object({
  problems: z.array(z.looseObject({ id: z.string(), functionName: z.string(), docstring: z.string() })),
});

/** The iterations whose pairs a dataset is made of. */
export const datasetIterations = ({
  data,
  iteration,
}: {
  data: 'cumulative' | 'iteration';
  iteration: number;
}): number[] =>
  data === 'iteration' ? [iteration] : Array.from({ length: iteration }, (_, index) => index + 1);

/** Where the syntax trees of an iteration’s pairs lie. */
export const treesKey = (at: Place, iteration: number): string =>
  layout.work(at, iteration, 'trees', 'solutions.jsonl');

/** Problems read at once. */
const WIDTH = 16;

/** The pairs of one iteration, in the order of its problems. */
export const readPairs = async (
  store: ObjectStore,
  at: Place,
  iteration: number,
): Promise<TrainingPair[]> => {
  const selections = await store.readJsonLines(layout.selections(at, iteration), SelectionLine);
  const limit = pLimit(WIDTH);
  const pairs = selections.map(({ problemId, selected }) =>
    limit(async () => {
      if (selected === null) return [];
      const problem = await store.readJson(
        layout.work(at, iteration, 'problems', `${problemId}.json`),
        Problem,
      );
      const code = await readCode(store, at, iteration, problemId, selected);
      heartbeat();
      return [{ iteration, problem, candidateId: selected, code }];
    }),
  );
  return (await Promise.all(pairs)).flat();
};

/** Chunks are numbered without gaps; the candidate is in one of them. */
const readCode = async (
  store: ObjectStore,
  at: Place,
  iteration: number,
  problemId: string,
  candidateId: string,
): Promise<string> => {
  for (let chunk = 0; ; chunk += 1) {
    const key = layout.candidates(at, iteration, problemId, chunk);
    if (!(await store.find(key))) {
      throw new UcoderError(
        'object-missing',
        `No chunk of candidates before ${store.uri(key)} holds ${candidateId}, which was selected.`,
      );
    }
    const found = (await store.readJsonLines(key, Candidate)).find(({ id }) => id === candidateId);
    if (found) return found.code;
  }
};

export const readHeldout = async (
  store: ObjectStore,
  at: Place,
  iteration: number | null,
): Promise<HeldoutProblems | null> =>
  iteration === null
    ? null
    : {
        iteration,
        ...(await store.readJson(layout.work(at, iteration, 'heldout.json'), HeldoutDocument)),
      };
