/** What all steps in this room share: their dependencies, the campaign's prompt set, and how a stage becomes a request. */
import { UcoderError } from '../../core/errors.ts';
import { judgeAnswerSchema } from '../../core/judging/judge-answer.ts';
import { layout } from '../../core/layout.ts';
import { jsonSchemaOf } from '../../core/prompts/json-form.ts';
import { type AskedStage, PromptSet, type StageName } from '../../core/prompts/prompt-set.ts';
import { ProposedProblem } from '../../core/prompts/read-problem.ts';
import { patternForServer } from '../../core/prompts/regex-form.ts';
import type { RenderedPrompt } from '../../core/prompts/render.ts';
import type { ModelStepContext } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { ModelClient, ModelRequest } from './model-request.ts';

export type ModelDependencies = {
  store: ObjectStore;
  model: ModelClient;
  /** Requests of one activity at once: enough to fill a server's batch on a CPU. */
  width?: number;
};

/** Fills vLLM's batch on a CPU; a GPU gets more from many activities at once. */
export const DEFAULT_WIDTH = 16;

/** Likeliest tokens at a position that a judge's score is read from: the protocol's maximum. */
const SCORE_LOGPROBS = 20;

export const campaignPrompts = (store: ObjectStore, { campaignId }: ModelStepContext): Promise<PromptSet> =>
  store.readJson(layout.prompts(campaignId), PromptSet);

/** The request of a stage, as its prompt set samples it unless the step says otherwise. */
export const stageRequest = (
  set: PromptSet,
  name: StageName,
  prompt: RenderedPrompt,
  step: { model: string; seed: number } & Partial<
    Pick<ModelRequest, 'temperature' | 'topP' | 'maxTokens' | 'samples'>
  >,
): ModelRequest => {
  const stage = set.stages[name];
  if (!stage || !('ask' in stage))
    throw new UcoderError('internal', `The stage ${name} of ${set.name} is not asked.`);
  const { sampling } = stage;
  const constraint = constraintOf(stage);
  return {
    prompt,
    temperature: sampling.temperature,
    topP: sampling.topP,
    maxTokens: sampling.maxTokens,
    samples: sampling.samples,
    stop: sampling.stop,
    ...(constraint ? { constraint } : {}),
    ...('scale' in stage ? { topLogprobs: SCORE_LOGPROBS } : {}),
    ...step,
  };
};

const constraintOf = (stage: AskedStage): ModelRequest['constraint'] => {
  if (stage.form === 'code-blocks') return undefined;
  if (stage.form === 'regex') {
    // A judge is read from its probabilities, and vLLM gives those after a constraint has masked them.
    return 'pattern' in stage ? { regex: patternForServer(stage.pattern) } : undefined;
  }
  const schema = 'scale' in stage ? judgeAnswerSchema(stage.scale) : ProposedProblem;
  return { jsonSchema: jsonSchemaOf(schema) };
};
