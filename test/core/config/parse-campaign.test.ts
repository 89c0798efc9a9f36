import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCampaign } from '../../../core/config/parse-campaign.ts';
import { UcoderError } from '../../../core/errors.ts';

const complaint = (text: string): string => {
  try {
    parseCampaign(text, 'c.yaml');
  } catch (thrown) {
    if (thrown instanceof UcoderError) return thrown.message;
    throw thrown;
  }
  return 'no complaint';
};

const minimal = 'name: a\nmodel: {base: x}\n';

describe('parseCampaign', () => {
  it('fills in the paper’s values where the file is silent', () => {
    const config = parseCampaign(minimal, 'c.yaml');
    expect(config.candidates.count).toBe(128);
    expect(config.tests.count).toBe(100);
    expect(config.selection).toMatchObject({
      minReliability: 0.8,
      reliability: 'executes',
      signature: 'outcome',
    });
    expect(config.training).toMatchObject({ learningRate: 5e-6, epochs: 3, batchSize: 128 });
    expect(config.iterations.max).toBe(6);
  });

  it('names the line, the field and the key that was probably meant', () => {
    expect(complaint(`${minimal}iterations:\n  maks: 3\n`)).toBe(
      'c.yaml:4: iterations.maks: unknown key "maks"; did you mean "max"?',
    );
    expect(complaint(`${minimal}candidats: {}\n`)).toContain('did you mean "candidates"?');
    expect(complaint(`${minimal}selection:\n  min_reliability: 0.7\n`)).toContain(
      'did you mean "minReliability"?',
    );
    expect(complaint(`${minimal}evaluation:\n  - benchmark: humaneval\n    limt: 3\n`)).toBe(
      'c.yaml:5: evaluation[0].limt: unknown key "limt"; did you mean "limit"?',
    );
  });

  it('lists the known keys where none is close', () => {
    expect(complaint(`${minimal}serving: {zzzzzz: 1}\n`)).toContain('known keys: mode, command');
  });

  it.each([
    ['model: {base: x}\n', 'name: is required'],
    ['name: Upper\nmodel: {base: x}\n', 'name: must be 1 to 60 small letters, digits and hyphens'],
    [`${minimal}selection: {minReliability: 1.5}\n`, 'selection.minReliability'],
    [`${minimal}candidates: {temperature: hot}\n`, 'candidates.temperature'],
    [`${minimal}candidates: {temperature: [0.9, 0.7]}\n`, 'the lowest temperature stands first'],
    [`${minimal}tests: {count: 3, minimum: 4}\n`, 'tests.minimum: 4 is more than tests.count (3)'],
    [`${minimal}validation: {source: heldout, limit: 3}\n`, 'validation.limit: goes with a benchmark'],
    [`${minimal}evaluation: [{benchmark: humaneval}, {benchmark: humaneval}]\n`, 'humaneval is listed twice'],
    ['name: a\nname: b\n', 'c.yaml:2: Map keys must be unique'],
    ['[]\n', 'the file: '],
    [': :\n -', 'c.yaml:1: '],
    ['', 'name: is required'],
  ])('refuses %j', (text, expected) => {
    expect(complaint(text)).toContain(expected);
  });

  it('reports every fault of a file at once', () => {
    expect(complaint('name: a\nmodel: {base: x}\nseed: -1\niterations: {max: 0}\n').split('\n')).toHaveLength(
      2,
    );
  });

  it('reads every campaign file of the repository', () => {
    const files = readdirSync('campaigns').filter((file) => file.endsWith('.yaml'));
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files)
      expect(parseCampaign(readFileSync(`campaigns/${file}`, 'utf8'), file).name).toBe(
        file.replace('.yaml', ''),
      );
  });
});
