/** Reads what the stages before stored about one problem. */
import { z } from 'zod';
import { layout } from '../../core/layout.ts';
import { TestCase } from '../../core/problems/test-case.ts';
import { Candidate } from '../../core/sampling/candidate.ts';
import { heartbeat } from '../context.ts';
import type { StepContext } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';

const UsableTests = z.object({ tests: z.array(TestCase) });

/** The tests that the sandbox could run, in their order. */
export const readUsableTests = async (
  store: ObjectStore,
  i: StepContext,
  problemId: string,
): Promise<TestCase[]> =>
  (await store.readJson(layout.work(i, i.iteration, 'tests', `${problemId}.json`), UsableTests)).tests;

/** All candidates of a problem, chunk after chunk. */
export const readCandidates = async (
  store: ObjectStore,
  i: StepContext,
  problemId: string,
  chunks: number,
): Promise<Candidate[]> => {
  const read = async (chunk: number) => {
    const lines = await store.readJsonLines(layout.candidates(i, i.iteration, problemId, chunk), Candidate);
    heartbeat();
    return lines;
  };
  return (await Promise.all(Array.from({ length: chunks }, (_, chunk) => read(chunk)))).flat();
};
