import { expect, it } from 'vitest';
import { standingOf } from '../../../core/campaign/standing.ts';
import { type StartAgain, startAgain } from '../../../core/campaign/start-again.ts';
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { recordsOf } from '../report/records.ts';

const configOf = (settings: object = {}): CampaignConfig =>
  CampaignConfig.parse({ name: 'a', model: { base: 'b' }, ...settings });
const microBatch = (microBatchSize: number) => configOf({ training: { microBatchSize } });
const goesOn = (given: Partial<StartAgain>) =>
  startAgain({ begun: configOf(), last: configOf(), file: configOf(), ...given });

it('goes on with what was retuned, where the file is as it was', () => {
  const last = configOf({ training: { microBatchSize: 1 }, budget: { tokens: 5 } });
  expect(goesOn({ last })).toEqual({ config: last, changed: [], fixed: [], isEdited: false });
});

it('takes what was edited in the file, so that a job that ran out of memory is not asked for again', () => {
  const { config, changed, isEdited } = goesOn({
    last: configOf({ budget: { tokens: 5 } }),
    file: microBatch(1),
  });
  expect(config).toEqual(configOf({ training: { microBatchSize: 1 }, budget: { tokens: 5 } }));
  expect(changed).toEqual(['training.microBatchSize 4 → 1']);
  expect(isEdited).toBe(true);
  expect(goesOn({ last: microBatch(1), file: microBatch(1) }).changed).toEqual([]);
});

it('takes a limit away that the file no longer names', () => {
  const begun = configOf({ budget: { tokens: 5 } });
  expect(goesOn({ begun, last: begun, file: configOf() }).config.budget.tokens).toBeUndefined();
});

it.each([
  [{ seed: 3 }, 'seed'],
  [{ model: { base: 'c' } }, 'model'],
  [{ problems: { count: 5 }, training: { epochs: 1 } }, 'problems.count'],
  [{ evaluation: [{ benchmark: 'humaneval' }] }, 'evaluation'],
])('names what makes it another campaign: %j', (settings, name) => {
  expect(goesOn({ file: configOf(settings) }).fixed).toEqual([name]);
});

it('refuses settings that do not fit together', () => {
  const last = configOf({ selection: { minClusterSize: 9 } });
  expect(() => goesOn({ last, file: configOf({ candidates: { count: 8, chunk: 8 } }) })).toThrow(
    /minClusterSize/,
  );
});

it('keeps complete iterations, and held-out problems of theirs', () => {
  const records = recordsOf();
  const told = { droppedTokens: 3, workedMs: 9, ends: [1, 2, 3], sequence: 4 };
  const of = (openFrom: number, iteration: number) =>
    standingOf(
      { config: configOf(), records, rollback: null },
      { ...told, openFrom, heldout: { iteration, questions: 4 } },
    );
  const later = of(2, 1);
  expect(later.records).toEqual(records.slice(0, 2));
  expect(later).toMatchObject({ heldout: { iteration: 1 }, ends: [1, 2], sequence: 4 });
  const first = of(1, 1);
  expect(first.records.map(({ n, validation }) => [n, validation])).toEqual([[0, undefined]]);
  expect(first.heldout).toBeNull();
});
