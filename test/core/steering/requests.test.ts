import { expect, it } from 'vitest';
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { changedConfig, describeChanges } from '../../../core/steering/campaign-changes.ts';
import { RetuneRequest, readRequest, StopRequest } from '../../../core/steering/requests.ts';

const config = CampaignConfig.parse({
  name: 'a',
  model: { base: 'b' },
  candidates: { count: 8 },
  iterations: { patience: 5 },
});

it('changes what is named and nothing else, defaults included', () => {
  const { settings } = readRequest(RetuneRequest, { settings: { candidates: { count: 16 } } });
  const after = changedConfig(config, settings);
  expect(after).toEqual({ ...config, candidates: { ...config.candidates, count: 16 } });
  expect(describeChanges(config, after)).toEqual(['candidates.count 8 → 16']);
});

it('refuses an unknown setting and says which was meant', () => {
  const read = () => readRequest(RetuneRequest, { settings: { selection: { minReliabilty: 0.9 } } });
  expect(read).toThrow(/settings.selection.minReliabilty: .*did you mean "minReliability"/);
});

it('refuses what may not change, what names nothing and what does not fit together', () => {
  for (const [place, settings] of Object.entries({
    model: { model: { base: 'x' } },
    'problems.count': { problems: { count: 3 }, candidates: { count: 4 } },
    seed: { seed: 2 },
    name: { name: 'b' },
  })) {
    expect(() => readRequest(RetuneRequest, { settings })).toThrow(
      new RegExp(`^settings\\.${place}: may not change while a campaign runs: [^\\n]*$`),
    );
  }
  expect(() => readRequest(RetuneRequest, { settings: { colour: 'red' } })).toThrow(/unknown key "colour"/);
  expect(() => readRequest(RetuneRequest, {})).toThrow(/^settings: [^\n]*$/);
  expect(() => readRequest(RetuneRequest, { settings: {} })).toThrow(/names no setting/);
  expect(() => changedConfig(config, { selection: { minClusterSize: 9 } })).toThrow(
    /more than candidates.count \(8\)/,
  );
});

it('takes an empty request where nothing is needed', () => {
  expect(readRequest(StopRequest, undefined)).toEqual({ after: 'now', by: 'somebody', reason: '' });
  expect(() => readRequest(StopRequest, { after: 'soon' })).toThrow(/after/);
});
