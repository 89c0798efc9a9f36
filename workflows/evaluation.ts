/** Greedy pass@1 of the served model on one set of questions: held-out problems or a benchmark. */
import { setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { Score } from '../activities/evaluation/evaluation-activities.ts';
import type { ModelStepContext } from '../activities/step.ts';
import type { LimitsConfig } from '../core/config/campaign-config.ts';
import { evaluationDetails } from '../core/details/evaluation-details.ts';
import { evaluationStore, model, sandbox } from './activity-proxies.ts';
import { progressQuery } from './messages.ts';
import { msLeft, notePause, type PauseClock } from './pause-clock.ts';
import type { Progress } from './progress.ts';
import { addMeasures, type StageTotals } from './stage-totals.ts';
import { steered } from './steered.ts';
import type { Steering } from './steering.ts';
import { tellProgress } from './tell-progress.ts';

export type EvaluationInput = {
  context: ModelStepContext;
  /** heldout, or the benchmark’s name. */
  set: string;
  as: 'validation' | 'evaluation';
  /** The iteration under which the questions lie: where the held-out problems come from, else the same. */
  questionsIteration: number;
  questions: number;
  maxTokens: number;
  limits: LimitsConfig;
  steering?: Steering;
};

export type EvaluationResult = { score: Score; stages: StageTotals };

/** Questions answered by one activity: what a retry repeats. */
const CHUNK = 16;

export async function evaluation(input: EvaluationInput): Promise<EvaluationResult> {
  const { context, set, questionsIteration, questions, maxTokens, limits } = input;
  const clock: PauseClock & { told?: number } = { since: Date.now() };
  const steering = steered(input.steering, ({ paused }) => {
    notePause(clock, paused);
    describe();
  });
  const step = { ...context, set, questionsIteration };
  const chunks = Math.ceil(questions / CHUNK);
  const stages: StageTotals = {};
  let done = 0;
  const stage = input.as === 'validation' ? 'validate' : `evaluate ${set}`;
  const progress = (): Progress => ({
    iteration: context.iteration,
    stage,
    done,
    total: questions,
    msLeft: msLeft(clock, done, questions),
    waitingFor: null,
  });
  const describe = (score?: Score): void =>
    setCurrentDetails(
      evaluationDetails({ ...progress(), paused: steering.now.paused, score, now: Date.now() }),
    );
  setHandler(progressQuery, progress);
  describe();
  const answer = async (chunk: number): Promise<void> => {
    await steering.mayGoOn();
    const [from, to] = [chunk * CHUNK, Math.min(questions, (chunk + 1) * CHUNK)];
    const summary = `${set}, chunk ${chunk + 1} of ${chunks}`;
    const answered = await model.answerQuestions.executeWithOptions({ summary }, [
      { ...step, chunk, from, to, maxTokens },
    ]);
    addMeasures(stages, input.as, answered);
    done += to - from;
    describe();
    await tellProgress(context.campaignId, clock, progress());
  };
  await Promise.all(Array.from({ length: chunks }, (_, chunk) => answer(chunk)));
  await steering.mayGoOn();
  const executed = await sandbox.executeAnswers.executeWithOptions({ summary: set }, [
    { ...step, chunks, limits },
  ]);
  addMeasures(stages, input.as, executed);
  const { seconds, ...score } = await evaluationStore.scoreAnswers({ ...step, chunks, as: input.as });
  addMeasures(stages, input.as, { seconds });
  describe(score);
  return { score, stages };
}
