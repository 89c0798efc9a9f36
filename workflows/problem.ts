/** One problem from its sketch to the selected candidate. */
import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  patched,
  setCurrentDetails,
} from '@temporalio/workflow';
import type { ModelStepContext } from '../activities/step.ts';
import type { ProblemPolicy } from '../core/campaign/problem-policy.ts';
import { problemDetails } from '../core/details/problem-details.ts';
import { UNSTABLE_WINNER } from '../core/report/hacking-watch.ts';
import { type ChunkGroup, chunkGroups } from '../core/sampling/chunk-groups.ts';
import { samplingRounds } from '../core/sampling/rounds.ts';
import { usesLint } from '../core/selection/signals/lint-findings.ts';
import { lint, model, rounds, sandbox, selection } from './activity-proxies.ts';
import { problemFinished } from './messages.ts';
import { problemFault, tellCommonFault } from './problem-fault.ts';
import { emptyOutcome, type ProblemOutcome } from './problem-outcome.ts';
import { addCounts, addMeasures } from './stage-totals.ts';
import { steered } from './steered.ts';
import type { Steering } from './steering.ts';

export type ProblemInput = {
  context: ModelStepContext;
  problemId: string;
  /** Position among the iteration’s accepted problems, from 0. */
  problemIndex: number;
  /** As it is now; a problem that was begun before keeps its own. */
  policy: ProblemPolicy;
  /** Workflow id of the iteration that waits for the outcome. */
  reportTo: string;
  steering?: Steering;
  /** Where the run before left off. */
  progress?: ProblemProgress;
};

/** Of a problem whose rounds of sampling are spread over several runs. */
export type ProblemProgress = { outcome: ProblemOutcome; policy: ProblemPolicy; rounds: number };

/** Activities that sample, whatever the number of chunks: histories stay small, and a slow chunk holds up few. */
const SAMPLING_STEPS = 4;
/** Rounds of adaptive sampling in one run: with what comes before or after them, 16 activities at most. */
const ROUNDS_PER_RUN = 2;

export async function problem(input: ProblemInput): Promise<ProblemOutcome> {
  const outcome = input.progress?.outcome ?? emptyOutcome(input.problemId);
  const work = new CancellationScope();
  const steering = steered(input.steering, ({ stop }) => {
    if (stop === 'now') work.cancel();
  });
  try {
    const goOnLater = (progress: Omit<ProblemProgress, 'outcome'>) =>
      inNewRun({ ...input, steering: steering.now, progress: { outcome, ...progress } });
    const done = work.run(() => solve(input, outcome, { mayGoOn: steering.mayGoOn, goOnLater }));
    if (steering.now.stop === 'now') work.cancel();
    await done;
  } catch (thrown) {
    const stopped = isCancellation(thrown) && steering.now.stop === 'now';
    const reason = stopped ? 'stopped before its end' : problemFault(thrown);
    if (!reason) {
      await tellCommonFault(input.reportTo, input.problemId, thrown);
      throw thrown;
    }
    outcome.state = stopped ? 'stopped' : 'failed';
    outcome.reason = reason;
  }
  setCurrentDetails(problemDetails(outcome));
  await getExternalWorkflowHandle(input.reportTo).signal(problemFinished, outcome);
  return outcome;
}

/** Carries everything that the next run of this problem needs. */
const inNewRun = async (input: ProblemInput): Promise<never> => {
  await condition(allHandlersFinished);
  return continueAsNew<typeof problem>(input);
};

type Way = {
  /** Resolves once nothing holds the campaign. */
  mayGoOn: () => Promise<void>;
  /** Ends this run. */
  goOnLater: (progress: Omit<ProblemProgress, 'outcome'>) => Promise<never>;
};

const solve = async (given: ProblemInput, outcome: ProblemOutcome, way: Way): Promise<void> => {
  const { mayGoOn } = way;
  const step = { ...given.context, problemId: given.problemId };
  const summary = given.problemId;

  const policy = given.progress?.policy ?? (await writeUsableTests(given, outcome, mayGoOn));
  if (!policy) return;
  const input = { ...given, policy };
  const chunks = await sampleAndExecute(input, outcome, way);

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
  if (selected.selected !== null) outcome.selected = selected.selected;
  if (selected.reason !== undefined) outcome.reason = selected.reason;
  // With a second run of every candidate, what depends on order is marked already.
  if (selected.selected === null || policy.limits.repeat > 1) return;
  await mayGoOn();
  await recheck(input, outcome, chunks, selected.selected);
};

/** The settings that hold for this problem; none where its tests are too few, which `outcome` then says. */
const writeUsableTests = async (
  given: ProblemInput,
  outcome: ProblemOutcome,
  mayGoOn: () => Promise<void>,
): Promise<ProblemPolicy | undefined> => {
  const step = { ...given.context, problemId: given.problemId };
  const summary = given.problemId;
  await mayGoOn();
  const sketched = await model.sketchInterface.executeWithOptions({ summary }, [
    { ...step, policy: given.policy },
  ]);
  addMeasures(outcome.stages, 'sketch', sketched);
  // A worker of before settles nothing.
  const policy = sketched.policy ?? given.policy;
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
    return undefined;
  }
  return policy;
};

/** A second run that fails by a fault of ours leaves the problem decided: its selection is stored. */
const recheck = async (
  { context, problemId, policy }: ProblemInput,
  outcome: ProblemOutcome,
  chunks: number,
  candidate: string,
): Promise<void> => {
  try {
    const rechecked = await sandbox.recheckWinner.executeWithOptions({ summary: problemId }, [
      { ...context, problemId, chunks, candidate, limits: policy.limits },
    ]);
    addMeasures(outcome.stages, 'execute', rechecked);
    if (rechecked.differing === 0) return;
    outcome.hacking ??= {};
    addCounts(outcome.hacking, { [UNSTABLE_WINNER]: 1 });
  } catch (thrown) {
    if (!problemFault(thrown)) throw thrown;
    outcome.unchecked = true;
  }
};

/** Round after round until the outcome is settled; one round of all where sampling is not adaptive. Their chunks. */
const sampleAndExecute = async (
  input: ProblemInput,
  outcome: ProblemOutcome,
  { mayGoOn, goOnLater }: Way,
): Promise<number> => {
  const { candidates, limits, selection: choosing } = input.policy;
  const step = { ...input.context, problemId: input.problemId };
  const summary = input.problemId;
  const { adaptive, count: total } = candidates;
  const planned = samplingRounds(candidates);
  const done = input.progress?.rounds ?? 0;
  let chunks = 0;
  for (const [index, round] of planned.entries()) {
    if (index < done) continue;
    if (index === done + ROUNDS_PER_RUN && patched('rounds-over-runs'))
      return goOnLater({ policy: input.policy, rounds: index });
    await mayGoOn();
    await sampleRound(input, outcome, round);
    await mayGoOn();
    chunks = round.first + round.count;
    const executed = await sandbox.executeCandidates.executeWithOptions({ summary }, [
      {
        ...step,
        chunks,
        limits,
        minReliability: choosing.minReliability,
        ...(adaptive ? { round: { index, firstChunk: round.first } } : {}),
      },
    ]);
    addMeasures(outcome.stages, 'execute', executed);
    addCounts(outcome.verdicts, executed.verdicts);
    outcome.hacking ??= {};
    addCounts(outcome.hacking, executed.hacking);
    outcome.executed += executed.executed;
    if (executed.shared > 0) outcome.shared = (outcome.shared ?? 0) + executed.shared;
    if (!adaptive) continue;
    const isLast = index === planned.length - 1;
    const closed = await rounds.closeRound.executeWithOptions({ summary }, [
      { ...step, rounds: index + 1, chunks, isLast, total, risk: adaptive.risk, policy: choosing },
    ]);
    addMeasures(outcome.stages, 'select', closed);
    if (closed.stop !== null) break;
  }
  outcome.candidates.spared = total - outcome.candidates.sampled;
  return chunks;
};

const sampleRound = async (
  { context, problemId, problemIndex, policy }: ProblemInput,
  outcome: ProblemOutcome,
  round: ChunkGroup,
): Promise<void> => {
  const { candidates: settings } = policy;
  const all = Math.ceil(settings.count / settings.chunk);
  const sampled = await Promise.all(
    chunkGroups(round.count, SAMPLING_STEPS).map(({ first, count }) => {
      const firstChunk = round.first + first;
      return model.sampleCandidates.executeWithOptions(
        { summary: `${problemId}, chunks ${firstChunk + 1} to ${firstChunk + count} of ${all}` },
        [{ ...context, problemId, problemIndex, firstChunk, chunks: count, settings }],
      );
    }),
  );
  for (const chunk of sampled) {
    addMeasures(outcome.stages, 'solve', chunk);
    outcome.candidates.sampled += chunk.candidates;
    addCounts(outcome.candidates.discarded, chunk.discarded);
  }
};
