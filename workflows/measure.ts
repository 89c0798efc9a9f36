/** How good the served model is: validation, which decides, and benchmarks, which are only reported. */
import { upsertSearchAttributes } from '@temporalio/workflow';
import type { ModelStepContext } from '../activities/step.ts';
import { bestIteration } from '../core/campaign/decide-next.ts';
import type { IterationRecord, NamedScore } from '../core/report/iteration-record.ts';
import { evaluationStore } from './activity-proxies.ts';
import { type CampaignInput, type CampaignState, enter, scores } from './campaign-state.ts';
import { evaluation } from './evaluation.ts';
import { searchAttributes } from './search-attributes.ts';
import { addMeasures, addTotals } from './stage-totals.ts';
import { runSteeredChild } from './steered-child.ts';
import { workflowIds } from './workflow-ids.ts';

/** Validation, where there is something to validate on, and every benchmark that is only reported. */
export const measure = async (
  input: CampaignInput,
  state: CampaignState,
  record: IterationRecord,
  context: ModelStepContext,
): Promise<void> => {
  await validate(input, state, record, context);
  for (const { benchmark, limit } of input.config.evaluation) {
    await enter(
      state,
      record.n,
      `evaluate ${benchmark}`,
      workflowIds.evaluation(input.config.name, context.iteration, benchmark),
    );
    record.evaluation.push(
      await score(input, state, record, context, { set: benchmark, as: 'evaluation', limit }),
    );
  }
  const { passAt1 } = bestIteration(scores(state));
  if (passAt1 !== null) upsertSearchAttributes([{ key: searchAttributes.bestPassAt1, value: passAt1 }]);
};

export const validate = async (
  input: CampaignInput,
  state: CampaignState,
  record: IterationRecord,
  context: ModelStepContext,
): Promise<void> => {
  const { source, limit } = input.config.validation;
  if (source === 'heldout' && !state.heldout) return;
  const child = workflowIds.evaluation(input.config.name, context.iteration, source);
  await enter(state, Math.max(record.n, state.progress.iteration), 'validate', child);
  record.validation = await score(input, state, record, context, {
    set: source,
    as: 'validation',
    limit,
    heldout: state.heldout,
  });
};

type QuestionSet = {
  set: string;
  as: 'validation' | 'evaluation';
  limit: number | undefined;
  heldout?: CampaignState['heldout'];
};

const score = async (
  input: CampaignInput,
  state: CampaignState,
  record: IterationRecord,
  context: ModelStepContext,
  { set, as, limit, heldout }: QuestionSet,
): Promise<NamedScore> => {
  const { config } = input;
  // Where validation asked the same questions, their answers are adopted and were counted there.
  const counts = as === 'validation' || set !== config.validation.source;
  const prepare = async (): Promise<number> => {
    const { questions, seconds } = await evaluationStore.prepareBenchmark.executeWithOptions(
      { summary: set },
      [{ ...context, benchmark: set, limit }],
    );
    if (counts) addMeasures(record.stages, as, { seconds });
    return questions;
  };
  const questions = heldout?.questions ?? (await prepare());
  const result = await runSteeredChild(
    input,
    state,
    evaluation,
    {
      workflowId: workflowIds.evaluation(config.name, context.iteration, set),
      staticSummary: `${as} on ${questions} questions of ${set}`,
    },
    (steering) => ({
      context,
      set,
      as,
      questionsIteration: heldout?.iteration ?? context.iteration,
      questions,
      maxTokens: config.candidates.maxTokens,
      limits: config.limits,
      steering,
    }),
  );
  if (counts) addTotals(record.stages, result.stages);
  return { set, score: result.score };
};
