/**
 * The stages of an iteration as functions that only take time. The same ones are called by Temporal's workers and
 * by the plain script beside it, so that the difference is orchestration.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { CampaignActivities } from '../../../activities/campaign/campaign-activities.ts';
import type { CurriculumActivities } from '../../../activities/campaign/curriculum-activities.ts';
import type { ModelActivities } from '../../../activities/model/model-activities.ts';
import type { SandboxActivities } from '../../../activities/sandbox/sandbox-activities.ts';
import type { ReviewActivities } from '../../../activities/selection/review-activities.ts';
import type { SelectionActivities } from '../../../activities/selection/selection-activities.ts';
import type { ProblemPolicy } from '../../../core/campaign/problem-policy.ts';
import type { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { summariseConsensus } from '../../../core/selection/consensus-summary.ts';
import type { ReviewDecision } from '../../../core/steering/review.ts';
import type { SimulatedModel } from './simulated-model.ts';

export type Latencies = {
  /** Of a batch of proposals. */
  propose: number;
  judge: number;
  sketch: number;
  tests: number;
  /** Of a chunk. */
  sample: number;
  check: number;
  execute: number;
};

/** No time at all: what remains is orchestration. */
export const NONE: Latencies = { propose: 0, judge: 0, sketch: 0, tests: 0, sample: 0, check: 0, execute: 0 };
/**
 * Milliseconds, `sample` for a chunk of 32. With eight slots a problem of 128 candidates holds the server for 2.7 s: about
 * 19,000 tokens a second at 400 tokens a candidate, as one H100 gives with a model of 7 to 9 billion parameters.
 */
export const REALISTIC: Latencies = {
  ...{ propose: 1500, judge: 1000, sketch: 400, tests: 1200, sample: 5000 },
  ...{ check: 100, execute: 500 },
};

const measures = { tokens: 100, seconds: 0.5 };
const wait = async (ms: number): Promise<void> => {
  if (ms > 0) await delay(ms);
};

export const simulatedStages = (
  { problems: { count: problems, batch } }: Pick<CampaignConfig, 'problems'>,
  model: SimulatedModel,
  latencies: Latencies,
) => {
  const ids = Array.from({ length: problems }, (_, index) => `p${String(index + 1).padStart(4, '0')}`);
  return {
    findCurriculum: async () => null,
    proposeProblems: async ({ count }: { count: number }) => {
      await model.ask(latencies.propose);
      return { proposed: count, discarded: {}, ...measures };
    },
    judgeProblems: async () => {
      await model.ask(latencies.judge);
      const scores = Array.from({ length: batch }, (_, index) => 0.5 + index / 1000);
      return { accepted: batch, refined: 0, discarded: {}, scores, ...measures };
    },
    gatherProblems: async () => ({
      accepted: problems,
      duplicates: 0,
      nearDuplicates: 0,
      contaminated: 0,
      seconds: 0.1,
    }),
    acceptedPage: async (i: { from: number; size: number }) => ids.slice(i.from, i.from + i.size),
    gatherResults: async () => ({ problems, seconds: 0.1 }),
    summariseConsensus: async () => ({ ...summariseConsensus([]), seconds: 0.1 }),
    sketchInterface: async ({ policy }: { policy: ProblemPolicy }) => {
      await model.ask(latencies.sketch);
      return { ...measures, policy };
    },
    writeTests: async ({ count }: { count: number }) => {
      await model.ask(latencies.tests);
      return { written: count, discarded: { 'no call': 3 }, ...measures };
    },
    checkTests: async () => {
      await wait(latencies.check);
      return { usable: 80, dropped: { 'cannot run': 12, 'repeats another test': 8 }, seconds: 0.1 };
    },
    sampleCandidates: async ({ chunks, settings }: { chunks: number; settings: { chunk: number } }) => {
      await model.ask(latencies.sample * chunks);
      return { candidates: chunks * settings.chunk, discarded: { 'no-code': 2 }, ...measures };
    },
    executeCandidates: async () => {
      await wait(latencies.execute);
      const verdicts = { pass: 6000, fail: 3000, error: 1200, timeout: 40 };
      return { verdicts, hacking: {}, candidates: 128, tests: 80, executed: 90, shared: 0, seconds: 0.5 };
    },
    hasProgram: async () => true,
    keepReview: async ({ review }: { review: ReviewDecision }) => review,
    findReview: async () => null,
    recheckWinner: async () => ({ differing: 0, seconds: 0.01 }),
    selectCandidate: async () => ({
      ...{ selected: 'c0001', share: 0.5, clusters: 4, candidates: 128, identicalTexts: 20 },
      ...{ droppedTests: 1, seconds: 0.01 },
    }),
  } satisfies Partial<Stages>;
};
/** What the workflows expect of them. */
type Stages = CampaignActivities &
  CurriculumActivities &
  ModelActivities &
  SandboxActivities &
  SelectionActivities &
  ReviewActivities;
export type SimulatedStages = ReturnType<typeof simulatedStages>;
