/** The chosen program once more, its tests in shuffled order: what depends on order remembers inputs. */
import { z } from 'zod';
import type { LimitsConfig } from '../../core/config/campaign-config.ts';
import type { Batch } from '../../core/execution/batch.ts';
import { layout } from '../../core/layout.ts';
import { PYTHON } from '../../core/python/language.ts';
import { readCandidates, readUsableTests } from '../evaluation/problem-objects.ts';
import { type StepContext, stopwatch } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Executor } from './executor.ts';

/** Tests that the second run answers differently. */
const Recheck = z.strictObject({ candidate: z.string(), differing: z.array(z.string()) });

export type RecheckWinnerInput = StepContext & {
  problemId: string;
  chunks: number;
  /** Id of the chosen candidate. */
  candidate: string;
  limits: LimitsConfig;
};

/** Safe to repeat: what the second run showed is stored once. */
export const recheckWinner = async (
  store: ObjectStore,
  i: RecheckWinnerInput,
  run: (batch: Batch) => ReturnType<Executor['execute']>,
): Promise<{ differing: number; seconds: number }> => {
  const seconds = stopwatch();
  const key = layout.work(i, i.iteration, 'rechecks', `${i.problemId}.json`);
  const { differing } = await store.once(key, Recheck, async () => {
    const candidates = await readCandidates(store, i, i.problemId, i.chunks);
    const tests = await readUsableTests(store, i, i.problemId);
    const code = candidates.find(({ id }) => id === i.candidate)?.code ?? '';
    const matrix = await run({
      id: i.problemId,
      language: PYTHON,
      tests: tests.map(({ id, call, expected }) => ({ id, call, expected })),
      candidates: [{ id: i.candidate, code }],
      limits: { ...i.limits, repeat: 2 },
    });
    const outcomes = matrix.candidates[0]?.outcomes ?? [];
    return { candidate: i.candidate, differing: matrix.tests.filter((_, n) => outcomes[n] === 'flaky') };
  });
  return { differing: differing.length, seconds: seconds() };
};
