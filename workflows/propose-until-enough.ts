/** The first half of an iteration: batches of proposals, each judged, until enough problems are accepted. */
import { patched } from '@temporalio/workflow';
import type { ModelStepContext } from '../activities/step.ts';
import type { CampaignConfig } from '../core/config/campaign-config.ts';
import { nextBatch } from '../core/problems/next-batch.ts';
import { model } from './activity-proxies.ts';
import { historyIsLong } from './history-limits.ts';
import { type IterationState, planOf } from './iteration-state.ts';
import { addCounts, addMeasures } from './stage-totals.ts';
import { isEnding, type Steered } from './steered.ts';

/**
 * One batch has at most 16 requests in flight and stands still for its slowest, twice: alone it leaves a server empty
 * most of the time. Eight fill the batch of a server on a CPU twice.
 */
export const BATCHES_AT_ONCE = 8;

/** False where the history grows long before there are enough; nothing is in flight then. */
export const proposeUntilEnough = async (
  input: { context: ModelStepContext; config: CampaignConfig },
  state: IterationState,
  steering: Steered,
  told: () => Promise<void>,
): Promise<boolean> => {
  const width = patched('proposes-ahead') ? BATCHES_AT_ONCE : 1;
  let { batches: started, asked } = state;
  let inFlight = 0;
  let isLong = false;
  const wanted = state.curriculum?.wanted ?? input.config.problems.count;
  const next = () => nextBatch(input.config.problems, { wanted, accepted: state.accepted, asked, inFlight });

  /** A batch that ends makes room for one more at most, so who leaves for want of one is not missed. */
  const proposeOneByOne = async (): Promise<void> => {
    while (next() > 0) {
      isLong ||= historyIsLong();
      if (isLong) return;
      await steering.mayGoOn();
      if (isEnding(steering.now)) return;
      // Another may have taken it meanwhile.
      const size = next();
      if (size === 0) return;
      const [batch, firstIndex] = [started, asked];
      started += 1;
      asked += size;
      inFlight += size;
      await proposeBatch(input, state, { batch, firstIndex, size });
      inFlight -= size;
      await told();
    }
  };
  await Promise.all(Array.from({ length: width }, proposeOneByOne));
  return !isLong;
};

const proposeBatch = async (
  { context, config }: { context: ModelStepContext; config: CampaignConfig },
  state: IterationState,
  { batch, firstIndex, size }: { batch: number; firstIndex: number; size: number },
): Promise<void> => {
  const { minScore, refine } = config.problems;
  const step = { ...context, batch, ...planOf(state) };
  const summary = `batch ${batch + 1}`;
  const proposed = await model.proposeProblems.executeWithOptions({ summary }, [
    { ...step, firstIndex, count: size },
  ]);
  const judged = await model.judgeProblems.executeWithOptions({ summary }, [{ ...step, minScore, refine }]);
  state.batches += 1;
  state.asked += size;
  state.proposed += proposed.proposed;
  state.accepted += judged.accepted;
  state.refined += judged.refined;
  addCounts(state.discardedProblems, proposed.discarded);
  addCounts(state.discardedProblems, judged.discarded);
  addMeasures(state.stages, 'propose', proposed);
  addMeasures(state.stages, 'judge', judged);
  for (const score of judged.scores) {
    const bin = Math.min(9, Math.floor(score * 10));
    state.scoreBins[bin] = (state.scoreBins[bin] ?? 0) + 1;
  }
  state.lastEvent = `${summary}: ${proposed.proposed} proposed, ${judged.accepted} accepted`;
};
