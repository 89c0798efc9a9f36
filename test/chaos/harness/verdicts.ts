/** I1 and I6: every (problem, candidate, test) has one verdict, and none is of a failure of ours. */
import { expect } from 'vitest';
import { z } from 'zod';
import { AnswerVerdict } from '../../../core/evaluation/question.ts';
import { Matrix } from '../../../core/execution/batch.ts';
import { layout, type Place } from '../../../core/layout.ts';
import { JudgedProblem } from '../../../core/problems/problem.ts';
import { type Examined, placeOf } from './examined.ts';

/** Of campaign.yaml, or of what its settings are changed to before its problems start. */
const PROBLEMS = 3;
const CANDIDATES = 8;
/** The scripted candidates return or raise: anything else happened to the sandbox. */
const OWN = ['pass', 'fail', 'error'];

const Named = z.looseObject({ id: z.string() });
const Tests = z.looseObject({ tests: z.array(Named) });

const sorted = (ids: readonly { id: string }[]): string[] => ids.map(({ id }) => id).sort();

export const eachVerdictOnce = async ({ store }: Pick<Examined, 'store'>, name: string): Promise<void> => {
  const at = await placeOf({ store }, name);
  const lines = await store.readJsonLines(layout.problems(at, 1), JudgedProblem);
  const problems = sorted(lines.filter(({ accepted }) => accepted).map(({ problem }) => problem));
  expect(problems, 'I1: the problems').toHaveLength(PROBLEMS);
  const keys = problems.map((id) => layout.matrix(at, 1, id));
  const folder = layout.matrix(at, 1, '').replace(/[^/]*$/, '');
  expect((await store.list(folder)).map(({ key }) => key).sort(), 'I1: every problem has one matrix').toEqual(
    keys,
  );
  for (const id of problems) await matrixIsWhole({ store }, at, id);
  await eachAnswerOnce({ store }, name);
};

const matrixIsWhole = async ({ store }: Pick<Examined, 'store'>, at: Place, id: string): Promise<void> => {
  const matrix = await store.readJson(layout.matrix(at, 1, id), Matrix);
  expect(matrix.id, 'I1: a matrix is of its problem').toBe(id);
  const usable = await store.readJson(layout.work(at, 1, 'tests', `${id}.json`), Tests);
  const judged = [...matrix.tests, ...matrix.invalidTests.map((test) => test.id)].sort();
  expect(judged, `I1: every test of ${id} once`).toEqual(sorted(usable.tests));
  const expected = Array.from({ length: CANDIDATES }, (_, n) => `c${String(n + 1).padStart(4, '0')}`);
  const folder = layout.candidates(at, 1, id, 0).replace(/[^/]*$/, '');
  const chunks = await store.list(folder);
  const sampled = await Promise.all(chunks.map(({ key }) => store.readJsonLines(key, Named)));
  expect(sorted(sampled.flat()), `I1: every candidate of ${id} is stored once`).toEqual(expected);
  expect(
    matrix.candidates.map((candidate) => candidate.id),
    `I1: every candidate of ${id} is judged once`,
  ).toEqual(expected);
  for (const { id: candidate, outcomes, outputs } of matrix.candidates) {
    const whose = `of ${candidate} of ${id}`;
    expect(outcomes, `I1: verdicts ${whose}`).toHaveLength(matrix.tests.length);
    expect(outputs, `I1: outputs ${whose}`).toHaveLength(matrix.tests.length);
    for (const outcome of outcomes) expect(OWN, `I6: a verdict ${whose}`).toContain(outcome);
  }
};

/** Answers to the held-out problems, by the base model and by what was trained. */
const eachAnswerOnce = async ({ store }: Pick<Examined, 'store'>, name: string): Promise<void> => {
  const held = (await store.list(layout.campaignPrefix(name))).filter(({ key }) =>
    /\/iterations\/\d+(\.r\d+)?\/work\/verdicts\//.test(key),
  );
  expect(held.length, 'I1: the base model and the trained one are measured').toBeGreaterThanOrEqual(2);
  for (const { key } of held) {
    const verdicts = await store.readJsonLines(key, AnswerVerdict);
    const ids = sorted(verdicts);
    expect(ids.length, `I1: ${key} has verdicts`).toBeGreaterThan(0);
    expect(new Set(ids).size, `I1: every answer of ${key} once`).toBe(ids.length);
    for (const outcome of verdicts.flatMap(({ outcomes }) => outcomes))
      expect(OWN, `I6: a verdict of ${key}`).toContain(outcome);
  }
};
