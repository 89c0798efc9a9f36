import { beforeAll, describe, expect, it } from 'vitest';
import { createDiversityActivities } from '../../../activities/selection/diversity-activities.ts';
import { measurePrograms } from '../../../activities/selection/measure-programs.ts';
import { createSelectionActivities } from '../../../activities/selection/selection-activities.ts';
import type { ObjectStore } from '../../../activities/store/object-store.ts';
import { SelectionConfig } from '../../../core/config/selection-config.ts';
import { UcoderError } from '../../../core/errors.ts';
import { layout } from '../../../core/layout.ts';
import { storeSolvedProblem } from '../../support/campaign-objects.ts';
import { pythonInterpreter } from '../../support/python.ts';
import { testStore } from '../../support/store.ts';

const measure = async (...groups: string[][]) =>
  measurePrograms(await pythonInterpreter(), groups, new AbortController().signal);

describe('the trainer’s Python measures programs', () => {
  it('counts trees whatever their names, group by group', async () => {
    const [same, other] = await measure(
      ['def f(x):\n    return x', 'def g(y: int) -> int:\n    """Same."""\n    return y'],
      ['def f(x):\n    return x', 'def f(x):\n    return -x', 'def f(:'],
    );
    expect(same).toMatchObject({ programs: 2, parsed: 2, trees: 1 });
    expect(other).toMatchObject({ programs: 3, parsed: 2, trees: 2 });
  });

  it('never runs a source, and outlasts what no parser likes', async () => {
    const [hostile] = await measure([
      'import os; os._exit(3)',
      '\u0000',
      '\ud800',
      '('.repeat(100_000),
      'def f():\n    return 1',
    ]);
    expect(hostile).toMatchObject({ programs: 5, parsed: 2, trees: 2 });
  });

  it('answers nothing for nothing', async () => {
    expect(await measure()).toEqual([]);
  });
});

describe('measureDiversity', () => {
  let store: ObjectStore;
  let campaignId: string;
  const step = () => ({ campaignId, iteration: 1, seed: 1 });
  beforeAll(async () => {
    const made = await testStore();
    store = made.store;
    campaignId = made.prefix;
    const policy = SelectionConfig.parse({ signature: 'output' });
    const problemId = 'p0001';
    const chunks = await storeSolvedProblem(store, campaignId, 1, problemId, [
      { outputs: ['1', '2'] },
      { outputs: ['3', '4'] },
      { outputs: ['1', '2'] },
    ]);
    await createSelectionActivities({ store }).selectCandidate({ ...step(), problemId, chunks, policy });
    const selection = await store.read(layout.work(step(), 1, 'selections', `${problemId}.json`));
    await store.putJsonLines(layout.selections(step(), 1), [
      { problemId, ...JSON.parse(selection.toString()) },
    ]);
    await store.putJsonLines(layout.dataset(step(), 1, 'data/train.jsonl'), [
      {
        messages: [
          { role: 'user', content: 'Twice x?' },
          { role: 'assistant', content: '```python\ndef f(x):\n    return 2 * x\n```' },
        ],
        problem_id: problemId,
        iteration: 1,
        function_name: 'f',
        candidate_id: 'c0001',
      },
    ]);
  });

  it('measures candidates, the chosen cluster and the dataset, and finds them again', async () => {
    const { measureDiversity } = createDiversityActivities({ store, python: pythonInterpreter });
    const { summary } = await measureDiversity(step());
    expect(summary).toMatchObject({
      sampled: { problems: 1, distinctShare: 2 / 3 },
      agreeing: { problems: 1, distinctShare: 1 / 2 },
      dataset: { programs: 1, parsed: 1, trees: 1 },
    });
    expect((await measureDiversity(step())).summary).toEqual(summary);
  });

  it('is null where there is no Python', async () => {
    const python = () => Promise.reject(new UcoderError('machine-incomplete', 'There is none.'));
    const { measureDiversity } = createDiversityActivities({ store, python });
    expect((await measureDiversity(step())).summary).toBeNull();
  });
});
