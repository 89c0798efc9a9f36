/** The card of a dataset: front matter for its readers' tools, and how it was made, for people. */
import { stringify } from 'yaml';

export type DatasetFacts = {
  campaignId: string;
  iteration: number;
  data: 'cumulative' | 'iteration';
  /** The model that the campaign improves. */
  baseModel: string;
  /** Licence of the base model, as an SPDX id in small letters; undefined where it is not known. */
  licence: string | undefined;
  promptSet: string;
  /** SHA-256 of the prompt set's snapshot in the bucket. */
  promptsSha256: string;
  seed: number;
  /** Rows by the iteration that selected them. */
  rowsByIteration: Readonly<Record<number, number>>;
  heldout: number;
  /** Solutions that overlap a benchmark. */
  contaminated: number;
  duplicates: number;
};

/** Upper ends of the sizes that readers' tools filter by. */
const SIZES: readonly (readonly [number, string])[] = [
  [1_000, 'n<1K'],
  [10_000, '1K<n<10K'],
  [100_000, '10K<n<100K'],
  [Number.POSITIVE_INFINITY, '100K<n<1M'],
];

/** A name with a line break in it must not end the front matter. */
const ONE_LINE_STRINGS = {
  defaultStringType: 'QUOTE_DOUBLE',
  defaultKeyType: 'PLAIN',
  lineWidth: 0,
} as const;

export const datasetCard = (facts: DatasetFacts): string => {
  const counts = Object.entries(facts.rowsByIteration);
  const total = counts.reduce((sum, [, rows]) => sum + rows, 0);
  const frontMatter = {
    pretty_name: `${facts.campaignId}, iteration ${facts.iteration}`,
    license: facts.licence ?? 'other',
    ...(facts.licence ? {} : { license_name: 'licence-of-the-source-model' }),
    language: ['en'],
    task_categories: ['text-generation'],
    tags: ['code', 'python', 'synthetic', 'ucoder'],
    size_categories: [SIZES.find(([end]) => total < end)?.[1] ?? '100K<n<1M'],
    source_model: facts.baseModel,
    prompt_set: facts.promptSet,
    prompts_sha256: facts.promptsSha256,
    // One format only: `datasets` reads all configurations of a folder with the same reader.
    configs: [
      { config_name: 'default', data_files: [{ split: 'train', path: 'data/train-00000-of-00001.parquet' }] },
    ],
  };
  return `---
${stringify(frontMatter, ONE_LINE_STRINGS).trimEnd()}
---

# ${facts.campaignId}, iteration ${facts.iteration}

${total} pairs of a programming problem and a Python solution, without outside data: the model proposed the
problems, wrote tests and many candidate solutions, the candidates ran in a sandbox, and the one that the
largest group of agreeing candidates stands behind was kept (UCoder, arXiv 2512.17385). Nobody has reviewed them.

| what | value |
|---|---|
| Source model | ${facts.baseModel}, and the checkpoints that the campaign trained from it |
| Prompt set | ${facts.promptSet}, sha256 ${facts.promptsSha256} |
| Data | ${facts.data === 'cumulative' ? 'all pairs so far' : 'the pairs of this iteration only'} |
| Seed | ${facts.seed} |
| Left out: held out for validation | ${facts.heldout} |
| Left out: overlapping a benchmark | ${facts.contaminated} |
| Left out: the same pair again | ${facts.duplicates} |
| Licence | ${facts.licence ?? 'that of the source model, which is not known here'} |

| iteration | pairs |
|---|---|
${counts.map(([iteration, rows]) => `| ${iteration} | ${rows} |\n`).join('')}
## Columns

- \`messages\`: the chat; the last message is the answer to learn.
- \`problem_id\`, \`iteration\`: the problem, and the iteration that selected its solution.
- \`function_name\`: the function that is asked for.
- \`candidate_id\`: the selected one of the problem's candidates.

The same rows lie there as Parquet, which \`load_dataset\` reads from this folder, and as JSON Lines
(\`data/train.jsonl\`).
`;
};
