/**
 * Where everything lies in the bucket: the only place that builds keys. A key is never also the prefix of
 * another (some S3 servers keep keys as files).
 */
import { type Part, type Revisions, revised, revisionOf } from './revisions.ts';

/** A campaign, and which run of each iteration counts; a step's context is one. */
export type Place = { campaignId: string; revisions?: Revisions | undefined };

/** The set of held-out problems; other sets are benchmarks. */
export const HELDOUT_SET = 'heldout';

/** Of what a path below an iteration's folder is a part; undefined where a retry makes it no second time. */
const partOf = ([first, ...rest]: readonly string[]): Part | undefined => {
  switch (first) {
    case 'work':
      return partOfWork(rest);
    case 'contamination':
      return rest[0] === 'solutions.jsonl' ? 'dataset' : 'problems';
    case 'curriculum':
      return rest[0] === 'outcome.json' ? 'dataset' : 'problems';
    case 'tests.jsonl':
    case 'selections.jsonl':
    case 'dataset':
      return 'dataset';
    case 'checkpoint':
      return 'training';
    case 'validation.jsonl':
      return 'validation';
    case 'evaluation':
      return 'evaluation';
    default:
      return 'problems';
  }
};

const partOfWork = ([folder, file = '']: readonly string[]): Part | undefined => {
  const heldout = file.startsWith(HELDOUT_SET);
  switch (folder) {
    case 'heldout.json':
    case 'fit':
    case 'diversity':
    case 'trees':
      return 'dataset';
    case 'answers':
    case 'verdicts':
      return heldout ? 'validation' : 'evaluation';
    case 'questions':
    case 'question-tests':
      return heldout ? 'dataset' : undefined;
    // A benchmark is what it is, and a training job has its revision in its id.
    case 'references':
    case 'training':
      return undefined;
    default:
      return 'problems';
  }
};

const campaign = (id: string) => `campaigns/${id}`;
const iteration = ({ campaignId, revisions }: Place, n: number, ...path: string[]) => {
  const part = partOf(path);
  const folder = revised(n, part ? revisionOf(revisions, n, part) : 0);
  return `${campaign(campaignId)}/iterations/${folder}/${path.join('/')}`;
};

/** False for what a retry left behind: it is kept, and is no part of the result. */
export const isCurrent = (at: Place, key: string): boolean => {
  const [, n, path] = /\/iterations\/(\d+)(?:\.r\d+)?\/(.+)$/.exec(key) ?? [];
  return path === undefined || key === iteration(at, Number(n), ...path.split('/'));
};

export const layout = {
  campaignPrefix: (id: string) => `${campaign(id)}/`,
  config: (id: string) => `${campaign(id)}/campaign.json`,
  result: (id: string) => `${campaign(id)}/result.json`,
  operations: (id: string) => `${campaign(id)}/operations.json`,
  /** From where the campaign goes on if it is started again; no part of the result. */
  standing: (id: string) => `${campaign(id)}/standing.json`,
  /** What is known of one iteration, by its number and its content; no part of the result, for times are in it. */
  records: (id: string) => `${campaign(id)}/records/`,
  record: (id: string, n: number, record: string) => `${campaign(id)}/records/${n}-${record}.json`,
  /** Lines of who steered the campaign, by their content; no part of the result. */
  audit: (id: string) => `${campaign(id)}/audit/`,
  auditLines: (id: string, lines: string) => `${campaign(id)}/audit/${lines}.json`,
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
  /** Topics and difficulty of an iteration: as planned before the first proposal, and what came of them. */
  curriculum: (at: Place, n: number, what: 'plan' | 'outcome') =>
    iteration(at, n, 'curriculum', `${what}.json`),
  problems: (at: Place, n: number) => iteration(at, n, 'problems.jsonl'),
  tests: (at: Place, n: number) => iteration(at, n, 'tests.jsonl'),
  selections: (at: Place, n: number) => iteration(at, n, 'selections.jsonl'),
  candidates: (at: Place, n: number, problem: string, chunk: number) =>
    iteration(at, n, 'candidates', problem, `${chunk}.jsonl`),
  matrix: (at: Place, n: number, problem: string) => iteration(at, n, 'matrices', `${problem}.json`),
  /** Of one round of adaptive sampling. */
  roundMatrix: (at: Place, n: number, problem: string, round: number) =>
    iteration(at, n, 'work', 'round-matrices', problem, `${round}.json`),
  dataset: (at: Place, n: number, file: string) => iteration(at, n, 'dataset', file),
  checkpoint: (at: Place, n: number, file: string) => iteration(at, n, 'checkpoint', file),
  /** What overlaps a benchmark and was removed: problems, or solutions. */
  contamination: (at: Place, n: number, what: 'problems' | 'solutions') =>
    iteration(at, n, 'contamination', `${what}.jsonl`),
  validation: (at: Place, n: number) => iteration(at, n, 'validation.jsonl'),
  evaluation: (at: Place, n: number, benchmark: string) =>
    iteration(at, n, 'evaluation', `${benchmark}.jsonl`),
  /** What one step hands to the next: proposals, ratings, skeletons, tests, answers. */
  work: (at: Place, n: number, ...path: [string, ...string[]]) => iteration(at, n, 'work', ...path),
} as const;
