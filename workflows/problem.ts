/** One problem from its sketch to the selected candidate. */
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  getExternalWorkflowHandle,
  isCancellation,
} from '@temporalio/workflow';
import type { ModelStepContext } from '../activities/step.ts';
import type { CampaignConfig } from '../core/config/campaign-config.ts';
import { chunkGroups } from '../core/sampling/chunk-groups.ts';
import { usesLint } from '../core/selection/signals/lint-findings.ts';
import { lint, model, sandbox, selection } from './activity-proxies.ts';
import { problemFinished } from './messages.ts';
import type { ProblemOutcome } from './problem-outcome.ts';
import { addMeasures } from './stage-totals.ts';
import { steered } from './steered.ts';
import type { Steering } from './steering.ts';

export type ProblemInput = {
  context: ModelStepContext;
  problemId: string;
  /** Position among the iteration’s accepted problems, from 0. */
  problemIndex: number;
  policy: Pick<CampaignConfig, 'tests' | 'candidates' | 'limits' | 'selection'>;
  /** Workflow id of the iteration that waits for the outcome. */
  reportTo: string;
  steering?: Steering;
};

/** Activities that sample, whatever the number of chunks: histories stay small, and a slow chunk holds up few. */
const SAMPLING_STEPS = 4;

export async function problem(input: ProblemInput): Promise<ProblemOutcome> {
  const outcome = emptyOutcome(input.problemId);
  const work = new CancellationScope();
  const steering = steered(input.steering, ({ stop }) => {
    if (stop === 'now') work.cancel();
  });
  try {
    const done = work.run(() => solve(input, outcome, steering.mayGoOn));
    if (steering.now.stop === 'now') work.cancel();
    await done;
  } catch (thrown) {
    const stopped = isCancellation(thrown) && steering.now.stop === 'now';
    const reason = stopped ? 'stopped before its end' : problemFault(thrown);
    if (!reason) throw thrown;
    outcome.state = stopped ? 'stopped' : 'failed';
    outcome.reason = reason;
  }
  await getExternalWorkflowHandle(input.reportTo).signal(problemFinished, outcome);
  return outcome;
}

const solve = async (
  input: ProblemInput,
  outcome: ProblemOutcome,
  mayGoOn: () => Promise<void>,
): Promise<void> => {
  const { policy, problemIndex } = input;
  const step = { ...input.context, problemId: input.problemId };
  const summary = input.problemId;

  await mayGoOn();
  addMeasures(outcome.stages, 'sketch', await model.sketchInterface.executeWithOptions({ summary }, [step]));
  await mayGoOn();
  const written = await model.writeTests.executeWithOptions({ summary }, [
    { ...step, count: policy.tests.count },
  ]);
  addMeasures(outcome.stages, 'test', written);
  await mayGoOn();
  const checked = await sandbox.checkTests.executeWithOptions({ summary }, [
    { ...step, minimum: policy.tests.minimum, limits: policy.limits },
  ]);
  addMeasures(outcome.stages, 'check-tests', checked);
  outcome.tests = { written: written.written, usable: checked.usable, dropped: checked.dropped };
  if (checked.usable < policy.tests.minimum) {
    outcome.state = 'too-few-tests';
    outcome.reason = `${checked.usable} usable tests, ${policy.tests.minimum} needed`;
    return;
  }

  await mayGoOn();
  const chunks = Math.ceil(policy.candidates.count / policy.candidates.chunk);
  const groups = chunkGroups(chunks, SAMPLING_STEPS);
  const sampled = await Promise.all(
    groups.map(({ first, count }) =>
      model.sampleCandidates.executeWithOptions(
        { summary: `${summary}, chunks ${first + 1} to ${first + count} of ${chunks}` },
        [{ ...step, problemIndex, firstChunk: first, chunks: count, settings: policy.candidates }],
      ),
    ),
  );
  for (const chunk of sampled) {
    addMeasures(outcome.stages, 'solve', chunk);
    outcome.candidates.sampled += chunk.candidates;
    for (const [reason, count] of Object.entries(chunk.discarded)) {
      outcome.candidates.discarded[reason] = (outcome.candidates.discarded[reason] ?? 0) + count;
    }
  }

  await mayGoOn();
  const executed = await sandbox.executeCandidates.executeWithOptions({ summary }, [
    { ...step, chunks, limits: policy.limits, minReliability: policy.selection.minReliability },
  ]);
  addMeasures(outcome.stages, 'execute', executed);
  outcome.verdicts = executed.verdicts;
  outcome.hacking = executed.hacking;
  outcome.executed = executed.executed;

  await mayGoOn();
  if (usesLint(policy.selection)) {
    const linted = await lint.lintCandidates.executeWithOptions({ summary }, [
      { ...step, chunks, policy: policy.selection },
    ]);
    addMeasures(outcome.stages, 'lint', linted);
  }
  const selected = await selection.selectCandidate.executeWithOptions({ summary }, [
    { ...step, chunks, policy: policy.selection },
  ]);
  addMeasures(outcome.stages, 'select', selected);
  outcome.candidates.identicalTexts = selected.identicalTexts;
  outcome.share = selected.selected === null ? 0 : selected.share;
  outcome.state = selected.selected === null ? 'no-consensus' : 'consensus';
  if (selected.reason !== undefined) outcome.reason = selected.reason;
};

const emptyOutcome = (problemId: string): ProblemOutcome => ({
  problemId,
  state: 'failed',
  tests: { written: 0, usable: 0, dropped: {} },
  candidates: { sampled: 0, discarded: {}, identicalTexts: 0 },
  verdicts: {},
  executed: 0,
  share: 0,
  stages: {},
});

/**
 * Faults that belong to this one problem after all retries. Anything else (a model that does not exist, a
 * refused bucket) would hit every problem alike and fails the campaign.
 */
const PROBLEM_FAULTS: readonly string[] = [
  'sandbox-failed',
  'model-refused',
  'object-missing',
  'object-corrupt',
];

const problemFault = (thrown: unknown): string | undefined =>
  thrown instanceof ActivityFailure &&
  thrown.cause instanceof ApplicationFailure &&
  PROBLEM_FAULTS.includes(thrown.cause.type ?? '')
    ? `${thrown.activityType}: ${thrown.cause.message}`
    : undefined;
