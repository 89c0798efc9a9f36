/**
 * The one schema of a campaign file. Types, JSON Schema, the docs table and the error messages all come
 * from here. Defaults are the paper's (arXiv 2512.17385) wherever the paper states a value.
 */
import { z } from 'zod';
import { CurriculumConfig } from './curriculum-config.ts';
import { MOST_HOURS, ReviewConfig } from './review-config.ts';
import { SelectionConfig } from './selection-config.ts';

const fraction = z.number().min(0).max(1);
const count = z.int().min(1);
/** The longest path that systems take; every message with the settings carries it. */
const name = z.string().min(1).max(4096);

export const ModelConfig = z.strictObject({
  base: name.describe(
    'The model to improve: a built-in name (smollm2-135m-instruct), a folder, or a name the server knows.',
  ),
  prompts: name.default('paper').describe('The prompt set: a folder below prompts/, or a path.'),
  contextLength: z
    .int()
    .min(256)
    .default(2048)
    .describe('Tokens of prompt and answer together that a managed server reserves.'),
});
export type ModelConfig = z.infer<typeof ModelConfig>;

export const ProblemsConfig = z.strictObject({
  count: count.default(3000).describe('Accepted problems wanted in each iteration.'),
  topics: name.default('topics/paper.txt').describe('A file with one seed topic a line.'),
  maxProposals: count
    .optional()
    .describe('Proposals after which an iteration goes on with fewer accepted problems; default 3 × count.'),
  batch: z.int().min(1).max(256).default(16).describe('Proposals asked for and judged in one step.'),
  minScore: z
    .union([fraction, z.strictObject({ keepShare: fraction })])
    .default(0.5)
    .describe(
      "The judge's threshold on its score from 0 to 1, or {keepShare: 0.6} to keep the best share of a batch.",
    ),
  refine: z
    .boolean()
    .default(true)
    .describe('Whether a problem below the threshold is rewritten once and judged again.'),
  similarity: fraction
    .default(0.8)
    .describe(
      'Share of common word sequences from which a problem repeats an earlier one of the campaign; 1 drops equal ones only.',
    ),
  curriculum: z
    .union([z.literal(false), CurriculumConfig])
    .optional()
    .describe(
      'Topics and difficulty follow what earlier iterations measured, easy to hard (docs/curriculum.md); absent or false: every topic in turn (the paper).',
    ),
});
export type ProblemsConfig = z.infer<typeof ProblemsConfig>;

export const TestsConfig = z.strictObject({
  count: count.default(100).describe('Tests wanted for each problem.'),
  minimum: count.default(2).describe('Usable tests below which a problem is discarded.'),
});
export type TestsConfig = z.infer<typeof TestsConfig>;

const AdaptiveConfig = z.strictObject({
  first: count
    .default(16)
    .describe('Candidates of the first round; what there is doubles from round to round.'),
  looks: z
    .enum(['halfway', 'doubling'])
    .default('halfway')
    .describe('halfway: also look once between two doublings; doubling: fewer, larger rounds.'),
  risk: z
    .number()
    .gt(0)
    .max(0.5)
    .default(0.02)
    .describe('Chance, over all rounds of a problem, that stopping changes the outcome.'),
});

export const CandidatesConfig = z.strictObject({
  count: count.default(128).describe('Candidates sampled for each problem (n in the paper).'),
  chunk: z
    .int()
    .min(1)
    .max(128)
    .default(32)
    .describe('Candidates asked for in one request; a retry repeats one chunk.'),
  temperature: z
    .union([z.number().min(0).max(2), z.tuple([z.number().min(0).max(2), z.number().min(0).max(2)])])
    .default(0.7)
    .describe('Sampling temperature, or [lowest, highest]: chunks are spread evenly over the range.'),
  topP: z.number().gt(0).max(1).default(0.95).describe('Nucleus sampling: the probability mass kept.'),
  maxTokens: count.default(1024).describe('Completion tokens at most for one candidate.'),
  adaptive: AdaptiveConfig.optional().describe(
    'Sample in rounds and stop where the rest can hardly change the outcome; absent: always all (the paper).',
  ),
});
export type CandidatesConfig = z.infer<typeof CandidatesConfig>;

export const LimitsConfig = z.strictObject({
  testTimeoutMs: z.int().min(10).default(1000).describe('CPU time for one test, milliseconds.'),
  candidateTimeoutMs: z
    .int()
    .min(10)
    .default(10_000)
    .describe('CPU time for all tests of one candidate, milliseconds.'),
  loadTimeoutMs: z.int().min(10).default(2000).describe('CPU time for loading a candidate, milliseconds.'),
  memoryMb: z.int().min(32).max(65_536).default(256).describe('Address space of one candidate, MiB.'),
  outputBytes: z
    .int()
    .min(0)
    .default(65_536)
    .describe('Bytes that one test may print on both streams together.'),
  repeat: z
    .int()
    .min(1)
    .max(2)
    .default(1)
    .describe('2 runs each candidate again in shuffled order and marks what differs as flaky.'),
  isolation: z
    .enum(['candidate', 'test'])
    .default('candidate')
    .describe(
      'candidate: one process runs a candidate’s tests, its module executed afresh for each unless none can change it; test: a process for each pair.',
    ),
  earlyExit: z
    .boolean()
    .default(false)
    .describe(
      'Run first the tests that show it, and stop a candidate that can no longer be reliable enough (outcome not-run); changes no selection. Without effect where repeat is 2.',
    ),
});
export type LimitsConfig = z.infer<typeof LimitsConfig>;

export const TrainingConfig = z.strictObject({
  method: z.enum(['full', 'lora']).default('full').describe('Fine-tune all weights, or a low-rank adapter.'),
  epochs: z.number().gt(0).max(100).default(3).describe('Passes over the dataset.'),
  learningRate: z
    .number()
    .gt(0)
    .max(1)
    .default(5e-6)
    .describe('Peak learning rate of AdamW with a cosine schedule.'),
  batchSize: count.default(128).describe('Examples for one optimiser step, by gradient accumulation.'),
  microBatchSize: count.default(4).describe('Examples on the device at once; halved when memory runs out.'),
  warmupRatio: fraction.default(0.03).describe('Share of the steps over which the learning rate rises.'),
  maxLength: z
    .int()
    .min(64)
    .default(2048)
    .describe('Tokens of one example; longer ones are left out and counted.'),
  loraRank: count.default(16).describe('Rank of the adapter (method lora).'),
  loraAlpha: count.default(32).describe('Scale of the adapter (method lora).'),
  data: z
    .enum(['cumulative', 'iteration'])
    .default('cumulative')
    .describe('Train on all pairs so far, or on this iteration’s only.'),
  restart: z
    .enum(['previous', 'base'])
    .default('previous')
    .describe('Train on from the serving checkpoint, or afresh from the base.'),
  precision: z
    .enum(['auto', 'float32', 'bfloat16'])
    .default('auto')
    .describe('Number format; auto: bfloat16 on a GPU, float32 elsewhere.'),
  backend: z
    .enum(['process', 'docker'])
    .default('process')
    .describe('Where the job runs: a process beside the worker, or a GPU container.'),
});
export type TrainingConfig = z.infer<typeof TrainingConfig>;

export const ServingConfig = z.strictObject({
  mode: z
    .enum(['managed', 'adapter', 'command'])
    .default('managed')
    .describe(
      'How a new checkpoint is served: our server restarted with merged weights, a LoRA adapter loaded at run time, or your own script.',
    ),
  command: name
    .optional()
    .describe('Mode command: a program that is given the checkpoint’s URI and the name to serve it under.'),
});
export type ServingConfig = z.infer<typeof ServingConfig>;

export const BENCHMARKS = ['humaneval'] as const;

export const ValidationConfig = z.strictObject({
  source: z
    .enum(['heldout', ...BENCHMARKS])
    .default('heldout')
    .describe(
      'What decides when to stop: problems of the campaign’s own kept out of training, or a benchmark.',
    ),
  share: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.1)
    .describe('Share of the problems with a consensus that are held out (source heldout).'),
  limit: count.optional().describe('The first N problems of the benchmark only.'),
});
export type ValidationConfig = z.infer<typeof ValidationConfig>;

export const EvaluationConfig = z.strictObject({
  benchmark: z.enum(BENCHMARKS).describe('A benchmark that is reported and decides nothing.'),
  limit: count.optional().describe('The first N problems only.'),
});
export type EvaluationConfig = z.infer<typeof EvaluationConfig>;

export const IterationsConfig = z.strictObject({
  max: z.int().min(1).max(100).default(6).describe('Iterations at most.'),
  patience: count.default(2).describe('Iterations without a gain after which the campaign stops.'),
  minGain: fraction.default(0).describe('Rise of validation pass@1 that counts as a gain; any rise at 0.'),
  continueFrom: z
    .enum(['previous', 'best', 'base'])
    .default('previous')
    .describe('Which checkpoint the next iteration samples from and trains on.'),
});
export type IterationsConfig = z.infer<typeof IterationsConfig>;

export const ConcurrencyConfig = z.strictObject({
  problems: z.int().min(1).max(500).default(16).describe('Problems in progress at once.'),
});
export type ConcurrencyConfig = z.infer<typeof ConcurrencyConfig>;

export const BudgetConfig = z.strictObject({
  tokens: count.optional().describe('Completion tokens after which the campaign pauses; default no limit.'),
  hours: z
    .number()
    .gt(0)
    .max(MOST_HOURS)
    .optional()
    .describe('Hours of work, pauses left out, after which the campaign pauses; default no limit.'),
});
export type BudgetConfig = z.infer<typeof BudgetConfig>;

export const WatchConfig = z.strictObject({
  hackingShare: fraction
    .default(0.02)
    .describe(
      'Share of candidates with signs of reward hacking, and of winners that a shuffled second run contradicts, above which the report raises an alarm.',
    ),
  stop: z
    .boolean()
    .default(false)
    .describe('Whether such an alarm ends the campaign before it trains on that iteration.'),
});
export type WatchConfig = z.infer<typeof WatchConfig>;

export const CampaignConfig = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9-]{1,60}$/, 'must be 1 to 60 small letters, digits and hyphens')
    .describe('The campaign’s id. Its workflow is campaign/<name>, its objects lie under campaigns/<name>/.'),
  model: ModelConfig.describe('The model and how it is asked.'),
  problems: ProblemsConfig.prefault({}).describe('Proposing and judging problems.'),
  tests: TestsConfig.prefault({}).describe('Writing tests.'),
  candidates: CandidatesConfig.prefault({}).describe('Sampling candidates.'),
  limits: LimitsConfig.prefault({}).describe('What a candidate may use while it runs.'),
  selection: SelectionConfig.prefault({}).describe('Choosing one candidate.'),
  training: TrainingConfig.prefault({}).describe('Fine-tuning.'),
  serving: ServingConfig.prefault({}).describe('Serving a new checkpoint.'),
  validation: ValidationConfig.prefault({}).describe('What decides when to stop.'),
  evaluation: z.array(EvaluationConfig).max(20).default([]).describe('Benchmarks that are only reported.'),
  iterations: IterationsConfig.prefault({}).describe('How long to go on.'),
  concurrency: ConcurrencyConfig.prefault({}).describe('How much at once.'),
  budget: BudgetConfig.prefault({}).describe('Limits at which a campaign pauses and asks.'),
  review: ReviewConfig.prefault({}).describe('Selections that wait for a person.'),
  watch: WatchConfig.prefault({}).describe('The watch for reward hacking.'),
  seed: z.int().min(0).max(2_147_483_647).default(0).describe('Seed of every random choice.'),
});
export type CampaignConfig = z.infer<typeof CampaignConfig>;

/** Every benchmark that the campaign validates or reports on; nothing of them may be trained on. */
export const benchmarksOf = ({
  validation,
  evaluation,
}: Pick<CampaignConfig, 'validation' | 'evaluation'>): string[] => [
  ...new Set([
    ...(validation.source === 'heldout' ? [] : [validation.source]),
    ...evaluation.map(({ benchmark }) => benchmark),
  ]),
];
