/**
 * Where everything lies in the bucket: the only place that builds keys. A key is never also the prefix of
 * another (some S3 servers keep keys as files).
 */
const campaign = (id: string) => `campaigns/${id}`;
const iteration = (id: string, n: number) => `${campaign(id)}/iterations/${n}`;

export const layout = {
  campaignPrefix: (id: string) => `${campaign(id)}/`,
  config: (id: string) => `${campaign(id)}/campaign.json`,
  result: (id: string) => `${campaign(id)}/result.json`,
  operations: (id: string) => `${campaign(id)}/operations.json`,
  manifest: (id: string) => `${campaign(id)}/manifest.json`,
  /** Records of attempts that came to nothing; no part of the result. */
  faults: (id: string) => `${campaign(id)}/faults/`,
  fault: (id: string, path: string) => `${campaign(id)}/faults/${path}`,
  report: (id: string) => `${campaign(id)}/report.md`,
  reportJson: (id: string) => `${campaign(id)}/report.json`,
  /** The seed topics, one a line, as they were when the campaign started. */
  topics: (id: string) => `${campaign(id)}/topics.txt`,
  /** The prompt set with all its texts, as it was when the campaign started. */
  prompts: (id: string) => `${campaign(id)}/prompts.json`,
  problems: (id: string, n: number) => `${iteration(id, n)}/problems.jsonl`,
  tests: (id: string, n: number) => `${iteration(id, n)}/tests.jsonl`,
  selections: (id: string, n: number) => `${iteration(id, n)}/selections.jsonl`,
  candidates: (id: string, n: number, problem: string, chunk: number) =>
    `${iteration(id, n)}/candidates/${problem}/${chunk}.jsonl`,
  matrix: (id: string, n: number, problem: string) => `${iteration(id, n)}/matrices/${problem}.json`,
  /** Of one round of adaptive sampling. */
  roundMatrix: (id: string, n: number, problem: string, round: number) =>
    `${iteration(id, n)}/work/round-matrices/${problem}/${round}.json`,
  dataset: (id: string, n: number, file: string) => `${iteration(id, n)}/dataset/${file}`,
  checkpoint: (id: string, n: number, file: string) => `${iteration(id, n)}/checkpoint/${file}`,
  /** What overlaps a benchmark and was removed: problems, or solutions. */
  contamination: (id: string, n: number, what: 'problems' | 'solutions') =>
    `${iteration(id, n)}/contamination/${what}.jsonl`,
  validation: (id: string, n: number) => `${iteration(id, n)}/validation.jsonl`,
  evaluation: (id: string, n: number, benchmark: string) =>
    `${iteration(id, n)}/evaluation/${benchmark}.jsonl`,
  /** What one step hands to the next: proposals, ratings, skeletons, tests, answers. */
  work: (id: string, n: number, ...path: [string, ...string[]]) =>
    `${iteration(id, n)}/work/${path.join('/')}`,
} as const;
