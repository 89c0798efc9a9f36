/**
 * Activities at their boundary, for tests of the workflows' own logic. They keep the real contract: a step
 * is a function of its inputs, and what a campaign would store is counted by key.
 */

import type { PlanCurriculumInput } from '../../activities/campaign/curriculum-activities.ts';
import type { StepMeasures } from '../../activities/step.ts';
import { tellOverlaps } from '../../core/dataset/find-overlaps.ts';
import { curriculumRecord, topicOutcomes } from '../../core/problems/curriculum/curriculum-record.ts';
import { planCurriculum } from '../../core/problems/curriculum/plan-curriculum.ts';
import type { IterationHistory } from '../../core/report/iteration-brief.ts';
import type { IterationRecord } from '../../core/report/iteration-record.ts';
import { summariseConsensus } from '../../core/selection/consensus-summary.ts';
import { summariseDiversity } from '../../core/selection/diversity.ts';
import type { AuditLine } from '../../core/steering/audit.ts';

const measures = (tokens: number): StepMeasures => ({ tokens, seconds: 0.01 });

export type FakePlan = {
  /** Whether a problem finds a consensus. */
  consensus: (iteration: number, problemId: string) => boolean;
  /** Validation pass@1 by iteration. */
  passAt1: (iteration: number) => number;
  /** Whether the shuffled second run of each winner differs. */
  unstableWinners?: boolean;
  /** Called at the start of every activity; may throw. */
  onCall?: (name: string, input: Record<string, unknown>) => void;
};

const planOf = (i: PlanCurriculumInput) =>
  planCurriculum({ ...i, topics: [{ domain: 'tool-usage', topic: 'CSV' }], measured: [] });

type Reported = { records: IterationRecord[]; archive?: number[]; failed?: boolean };

export type Call = { name: string; input: Record<string, unknown> };

export const fakeActivities = (plan: FakePlan) => {
  const calls: Call[] = [];
  const accepted = new Map<number, string[]>();
  const settings = new Map<string, unknown>();
  const reviews = new Map<string, unknown>();
  const archived = new Map<number, IterationRecord>();
  const audit: AuditLine[] = [];
  const plans = new Map<string, ReturnType<typeof planOf>>();
  const fake =
    <I extends object, O>(name: string, answer: (input: I) => O) =>
    async (input: I): Promise<O> => {
      calls.push({ name, input: input as Record<string, unknown> });
      plan.onCall?.(name, input as Record<string, unknown>);
      return answer(input);
    };
  type At = { iteration: number };

  const activities = {
    askForServer: fake('askForServer', () => undefined),
    isWorkflowOpen: fake('isWorkflowOpen', () => true),
    serveCheckpoint: fake('serveCheckpoint', (i: { from: { iteration: number } | 'base' }) => ({
      servedModel: i.from === 'base' ? 'base' : `iteration-${i.from.iteration}`,
      weightsSha256: i.from === 'base' ? 'b'.repeat(64) : String(i.from.iteration).repeat(64).slice(0, 64),
      ...measures(0),
    })),
    awaitQuiet: fake('awaitQuiet', () => undefined),
    restModelServer: fake('restModelServer', () => undefined),
    wakeModelServer: fake('wakeModelServer', () => undefined),
    measureFit: fake('measureFit', (i: { servedModel: string }) => ({
      meanLogProbability: i.servedModel === 'base' ? -1 : -0.5,
      ...measures(0),
    })),
    calibrateJudge: fake('calibrateJudge', () => ({
      auc: 0.7,
      low: 0.5,
      high: 0.9,
      good: 20,
      spoilt: 20,
      ...measures(40),
    })),
    planCurriculum: fake('planCurriculum', (i: PlanCurriculumInput) => {
      const planned = planOf(i);
      const key = `plan-${i.iteration}`;
      plans.set(key, planned);
      return { plan: key, target: planned.target, wanted: planned.wanted, seconds: 0.01 };
    }),
    findCurriculum: fake('findCurriculum', (i: At) => {
      const key = `plan-${i.iteration}`;
      const planned = plans.get(key);
      return planned ? { plan: key, target: planned.target, wanted: planned.wanted } : null;
    }),
    summariseCurriculum: fake('summariseCurriculum', (i: { plan: string }) => {
      const planned = plans.get(i.plan);
      if (!planned) throw new Error(`There is no ${i.plan}.`);
      return { record: curriculumRecord(planned, topicOutcomes(planned, [])), seconds: 0.01 };
    }),
    proposeProblems: fake('proposeProblems', (i: { count: number }) => ({
      proposed: i.count,
      discarded: {},
      ...measures(i.count),
    })),
    judgeProblems: fake('judgeProblems', (i: At & { batch: number }) => {
      const ids = [1, 2, 3].map((k) => `p${i.batch * 3 + k}`);
      // In the order of their number, whichever batch ends first.
      const all = new Set([...(accepted.get(i.iteration) ?? []), ...ids]);
      accepted.set(
        i.iteration,
        [...all].sort((left, right) => Number(left.slice(1)) - Number(right.slice(1))),
      );
      return { accepted: 3, refined: 1, discarded: {}, scores: [0.2, 0.6, 1], ...measures(3) };
    }),
    gatherProblems: fake('gatherProblems', (i: At & { limit: number }) => ({
      accepted: Math.min(i.limit, accepted.get(i.iteration)?.length ?? 0),
      duplicates: 0,
      nearDuplicates: 0,
      contaminated: 0,
      seconds: 0.01,
    })),
    acceptedPage: fake('acceptedPage', (i: At & { from: number; size: number }) =>
      (accepted.get(i.iteration) ?? []).slice(i.from, i.from + i.size),
    ),
    gatherResults: fake('gatherResults', (i: At) => ({
      problems: accepted.get(i.iteration)?.length ?? 0,
      seconds: 0.01,
    })),
    sketchInterface: fake(
      'sketchInterface',
      (i: At & { campaignId: string; problemId: string; policy: unknown }) => {
        const key = `${i.campaignId}/${i.iteration}/${i.problemId}`;
        settings.set(key, settings.get(key) ?? i.policy);
        return { ...measures(10), policy: settings.get(key) };
      },
    ),
    writeTests: fake('writeTests', (i: { count: number }) => ({
      written: i.count,
      discarded: {},
      ...measures(20),
    })),
    checkTests: fake('checkTests', () => ({ usable: 4, dropped: { 'cannot run': 1 }, seconds: 0.01 })),
    sampleCandidates: fake('sampleCandidates', (i: { chunks: number; settings: { chunk: number } }) => ({
      candidates: i.chunks * i.settings.chunk,
      discarded: {},
      ...measures(100),
    })),
    executeCandidates: fake('executeCandidates', (i: { round?: { index: number } }) => ({
      verdicts: { pass: 10, fail: 6 },
      hacking: {},
      candidates: 4,
      tests: 4,
      executed: 3,
      shared: i.round?.index ?? 0,
      seconds: 0.01,
    })),
    closeRound: fake('closeRound', (i: { isLast: boolean; rounds: number }) => ({
      stop: i.rounds === 2 ? 'leader-safe' : null,
      seconds: 0.01,
    })),
    lintCandidates: fake('lintCandidates', () => ({ linted: 4, seconds: 0.01 })),
    selectCandidate: fake('selectCandidate', (i: At & { problemId: string }) => {
      const found = plan.consensus(i.iteration, i.problemId);
      return {
        selected: found ? 'c0001' : null,
        ...(found ? {} : { reason: 'no cluster of 2' }),
        share: found ? 0.5 : 0,
        clusters: 2,
        candidates: 4,
        identicalTexts: 1,
        droppedTests: 0,
        seconds: 0.01,
      };
    }),
    keepReview: fake('keepReview', ({ review, ...at }: At & { review: { problemId: string } }) => {
      const key = `${at.iteration}/${review.problemId}`;
      reviews.set(key, reviews.get(key) ?? review);
      return reviews.get(key);
    }),
    findReview: fake(
      'findReview',
      (i: At & { problemId: string }) => reviews.get(`${i.iteration}/${i.problemId}`) ?? null,
    ),
    hasProgram: fake('hasProgram', (i: { candidate: string }) => i.candidate === 'c0002'),
    recheckWinner: fake('recheckWinner', () => ({
      differing: plan.unstableWinners ? 1 : 0,
      seconds: 0.01,
    })),
    summariseConsensus: fake('summariseConsensus', () => ({ ...summariseConsensus([]), seconds: 0.01 })),
    prepareHeldout: fake('prepareHeldout', (i: At) => {
      const found = (accepted.get(i.iteration) ?? []).filter((id) => plan.consensus(i.iteration, id)).length;
      const heldout = found >= 2 ? 1 : 0;
      return { heldout, training: found - heldout, seconds: 0.01 };
    }),
    prepareBenchmark: fake('prepareBenchmark', () => ({ questions: 20, seconds: 0.01 })),
    answerQuestions: fake('answerQuestions', (i: { from: number; to: number }) => ({
      answered: i.to - i.from,
      ...measures(5),
    })),
    executeAnswers: fake('executeAnswers', () => ({ passed: 1, total: 2, verdicts: {}, seconds: 0.01 })),
    scoreAnswers: fake('scoreAnswers', (i: At) => ({
      passAt1: plan.passAt1(i.iteration),
      passed: 1,
      total: 2,
      low: 0,
      high: 1,
      tokens: 5,
      seconds: 0.01,
    })),
    readTrees: fake('readTrees', () => ({ read: true, seconds: 0.01 })),
    publishDataset: fake('publishDataset', (i: At) => {
      const found = (accepted.get(i.iteration) ?? []).filter((id) => plan.consensus(i.iteration, id)).length;
      const overlaps = tellOverlaps([]);
      const uri = `s3://b/${i.iteration}`;
      return { pairs: found, newPairs: found, contaminated: 0, overlaps, uri, seconds: 0.01 };
    }),
    measureDiversity: fake('measureDiversity', () => ({
      summary: summariseDiversity([], null),
      seconds: 0.01,
    })),
    startFineTune: fake('startFineTune', (i: At) => ({ jobId: `job-${i.iteration}` })),
    stopFineTune: fake('stopFineTune', () => undefined),
    awaitFineTune: fake('awaitFineTune', () => ({
      loss: 0.5,
      steps: 3,
      examples: 4,
      skipped: 0,
      seconds: 1,
    })),
    publishCheckpoint: fake('publishCheckpoint', (i: At) => ({
      uri: `s3://c/${i.iteration}`,
      weightsSha256: 'a'.repeat(64),
      files: 3,
      seconds: 0.01,
    })),
    writeReport: fake('writeReport', ({ records, archive = [] }: Reported) => ({
      archived: records
        .filter(({ n }) => archive.includes(n))
        .map((record) => {
          archived.set(record.n, record);
          return { n: record.n, record: 'r' };
        }),
    })),
    readRecord: fake('readRecord', ({ n }: { n: number }) => recordOf(n)),
    keepAudit: fake('keepAudit', ({ lines }: { lines: AuditLine[] }) => {
      audit.push(...lines);
    }),
  };
  const recordOf = (n: number): IterationRecord => {
    const record = archived.get(n);
    if (!record) throw new Error(`There is no record ${n}.`);
    return record;
  };
  /** All iterations of a campaign, as its report would have them. */
  const wholeRecords = ({ records, archived: apart = [] }: IterationHistory): IterationRecord[] =>
    [...apart.map(({ n }) => recordOf(n)), ...records].sort((a, b) => a.n - b.n);
  return { activities, calls, wholeRecords, storedAudit: audit };
};
