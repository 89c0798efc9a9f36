/**
 * A prompt set: for each stage how the model is asked, sampled and read. Its snapshot in the bucket is this
 * document with all texts in it; docs/prompts.md describes the files it is loaded from.
 */
import { z } from 'zod';

/** vLLM answers 400 to more. */
export const MAXIMUM_STOPS = 4;

export const StageSampling = z.strictObject({
  temperature: z.number().min(0).max(2).default(0).describe('0 is greedy.'),
  topP: z.number().gt(0).max(1).default(1).describe('Nucleus sampling: the probability mass kept.'),
  maxTokens: z.int().min(1).describe('Completion tokens of one answer at most.'),
  stop: z
    .array(z.string().min(1))
    .max(MAXIMUM_STOPS, `at most ${MAXIMUM_STOPS} stop strings: servers refuse more`)
    .default([])
    .describe('Strings that end an answer; they are not part of it.'),
  samples: z.int().min(1).max(64).default(1).describe('Answers asked for in one request.'),
});
export type StageSampling = z.infer<typeof StageSampling>;

const asking = {
  ask: z
    .enum(['chat', 'completion'])
    .describe('chat: system and user message; completion: the text is continued as it stands.'),
  system: z.string().min(1).optional().describe('The system message (chat).'),
  text: z.string().min(1).describe('The template of the user message or of the text to be continued.'),
  prefix: z
    .string()
    .default('')
    .describe('How the answer begins: ours, and read together with what the model adds.'),
  sampling: StageSampling,
};

const compiles = (pattern: string): boolean => {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
};

export const RegexStage = z.strictObject({
  form: z.literal('regex'),
  pattern: z
    .string()
    .min(1)
    .refine(compiles, 'is not a regular expression')
    .describe('What the whole answer must match; its named groups are what is read. The server gets it too.'),
  ...asking,
});
export type RegexStage = z.infer<typeof RegexStage>;

export const JsonSchemaStage = z.strictObject({ form: z.literal('json-schema'), ...asking });
export type JsonSchemaStage = z.infer<typeof JsonSchemaStage>;

export const CodeBlocksStage = z.strictObject({ form: z.literal('code-blocks'), ...asking });
export type CodeBlocksStage = z.infer<typeof CodeBlocksStage>;

const named = z.strictObject({ name: z.string().min(1), text: z.string() });

const rating = {
  scale: z
    .record(z.string().min(1), z.number().min(0).max(1))
    .refine((scale) => Object.keys(scale).length > 1, 'needs two tokens or more')
    .describe('The score tokens, and what each is worth from 0 to 1.'),
};

const judging = {
  criteria: z
    .array(named)
    .min(1)
    .describe('One request each; its text fills {{criterion}}. The score is their mean.'),
  ...rating,
};

/** Of the form regex the answer is one of the score tokens, so that they are the pattern. */
export const AskedJudge = z.discriminatedUnion('form', [
  z.strictObject({ form: z.literal('regex'), ...asking, ...judging }),
  JsonSchemaStage.extend(judging),
]);
export type AskedJudge = z.infer<typeof AskedJudge>;

/** One request for each accepted problem: the expectation over the scale is its difficulty, 0 for the easiest. */
export const DifficultyStage = z.discriminatedUnion('form', [
  z.strictObject({ form: z.literal('regex'), ...asking, ...rating }),
  JsonSchemaStage.extend(rating),
]);
export type DifficultyStage = z.infer<typeof DifficultyStage>;

/** For models too small to give an opinion: the probability that they give to the parts of the problem itself. */
export const LikelihoodJudge = z.strictObject({
  form: z.literal('log-likelihood'),
  text: z.string().min(1).describe('What every criterion begins with.'),
  criteria: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        given: z.string().min(1).describe('The template that follows the text.'),
        scored: z.string().min(1).describe('The template whose tokens are scored, given all before.'),
      }),
    )
    .min(1)
    .describe('The score is the geometric mean of the probabilities of all criteria’s tokens.'),
});
export type LikelihoodJudge = z.infer<typeof LikelihoodJudge>;

export const JudgeStage = z.discriminatedUnion('form', [...AskedJudge.options, LikelihoodJudge]);
export type JudgeStage = z.infer<typeof JudgeStage>;

export const SolveStage = CodeBlocksStage.extend({
  styles: z
    .array(named)
    .min(1)
    .describe(
      'Styles that chunks of candidates go through in turn; {{style}}. The first is also how benchmarks and training are asked.',
    ),
});
export type SolveStage = z.infer<typeof SolveStage>;

const proposal = z.discriminatedUnion('form', [RegexStage, JsonSchemaStage]);
const levels = {
  levels: z
    .array(z.string().min(1))
    .min(2)
    .max(10)
    .optional()
    .describe('Texts of {{difficulty}}, the easiest first; used where the campaign has a curriculum.'),
};
const firstProposal = z.discriminatedUnion('form', [
  RegexStage.extend(levels),
  JsonSchemaStage.extend(levels),
]);
const sketching = z.discriminatedUnion('form', [RegexStage, CodeBlocksStage]);

export const PromptSet = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,60}$/, 'must be 1 to 60 small letters, digits and hyphens'),
  version: z.int().min(1).describe('Raised with every change of a text.'),
  description: z.string().min(1),
  stages: z.strictObject({
    propose: firstProposal.describe('Topic → problem.'),
    judge: JudgeStage.describe('Problem → score.'),
    difficulty: DifficultyStage.optional().describe(
      'Problem → difficulty; asked where the campaign has a curriculum.',
    ),
    refine: proposal.describe('A problem below the threshold → a better one.'),
    sketch: sketching.describe('Problem → skeleton: imports, typed signature, docstring with a plan.'),
    tests: CodeBlocksStage.describe('Problem → asserts.'),
    solve: SolveStage.describe('Problem → solutions; also how benchmarks are asked and what is trained.'),
  }),
});
export type PromptSet = z.infer<typeof PromptSet>;

export type StageName = keyof PromptSet['stages'];
export type Stage = NonNullable<PromptSet['stages'][StageName]>;
/** Stages in which the model writes an answer. */
export type AskedStage = Exclude<Stage, LikelihoodJudge>;
