import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type DatasetFacts, datasetCard } from '../../../core/dataset/dataset-card.ts';

const facts: DatasetFacts = {
  campaignId: 'quickstart',
  iteration: 2,
  data: 'cumulative',
  baseModel: 'smollm2-135m-instruct',
  licence: 'apache-2.0',
  promptSet: 'small',
  promptsSha256: 'f'.repeat(64),
  seed: 7,
  rowsByIteration: { 1: 4, 2: 3 },
  heldout: 2,
  contaminated: 3,
  duplicates: 1,
};

const frontMatter = (card: string) => parse(card.split('---\n')[1] ?? '');

describe('datasetCard', () => {
  it('opens with front matter that names source, prompts, licence, size and file', () => {
    expect(frontMatter(datasetCard(facts))).toMatchObject({
      license: 'apache-2.0',
      source_model: 'smollm2-135m-instruct',
      prompt_set: 'small',
      prompts_sha256: 'f'.repeat(64),
      size_categories: ['n<1K'],
      configs: [
        {
          config_name: 'default',
          data_files: [{ split: 'train', path: 'data/train-00000-of-00001.parquet' }],
        },
      ],
    });
  });

  it('counts the pairs by iteration, and those left out', () => {
    const card = datasetCard(facts);
    expect(card).toContain('7 pairs');
    expect(card).toContain('| 1 | 4 |\n| 2 | 3 |\n');
    expect(card).toContain('| Left out: held out for validation | 2 |');
    expect(card).toContain('| Left out: overlapping a benchmark | 3 |');
    expect(card).toContain('| Left out: the same pair again | 1 |');
  });

  it('does not state a licence for a model that we do not know', () => {
    const card = datasetCard({ ...facts, licence: undefined, baseModel: '/models/ours' });
    expect(frontMatter(card)).toMatchObject({
      license: 'other',
      license_name: 'licence-of-the-source-model',
    });
  });

  it('keeps names with special characters inside their fields', () => {
    expect(frontMatter(datasetCard({ ...facts, baseModel: 'a: "b"\n---\nlicense: mit' }))).toMatchObject({
      source_model: 'a: "b"\n---\nlicense: mit',
      license: 'apache-2.0',
    });
  });
});
