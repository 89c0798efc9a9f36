/** The barriers of an iteration: what depends on all of its problems is decided here, in the order of their index. */
import pLimit from 'p-limit';
import { z } from 'zod';
import { layout } from '../../core/layout.ts';
import { CurriculumPlan } from '../../core/problems/curriculum/curriculum-plan.ts';
import { keepNearTarget } from '../../core/problems/curriculum/keep-near-target.ts';
import { markDuplicates } from '../../core/problems/duplicates.ts';
import { JudgedProblem, Problem } from '../../core/problems/problem.ts';
import { type ReviewDecision, reviewed } from '../../core/steering/review.ts';
import { heartbeat } from '../context.ts';
import { readReferences } from '../evaluation/benchmark-references.ts';
import { readReviews } from '../selection/review-activities.ts';
import { type StepContext, stopwatch } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';

const AcceptedIds = z.array(z.string());
const HeldoutProblems = z.object({
  problems: z.array(z.looseObject({ functionName: z.string(), docstring: z.string() })),
});
const AnyDocument = z.looseObject({});

export type GatheredProblems = {
  accepted: number;
  duplicates: number;
  nearDuplicates: number;
  contaminated: number;
  seconds: number;
};

/** Objects read or written at once. */
const WIDTH = 16;

export const createCampaignActivities = ({ store }: { store: ObjectStore }) => {
  const acceptedKey = (i: StepContext) => layout.work(i, i.iteration, 'accepted.json');

  return {
    /**
     * Gathers the judged batches into problems.jsonl, refuses duplicates, copies of held-out problems and what
     * overlaps a benchmark, chooses by the curriculum’s target where there is one and more than are needed, and lays out
     * the accepted ones. Safe to repeat: every object is a function of the stored batches.
     */
    async gatherProblems(
      i: StepContext & {
        batches: number;
        limit: number;
        similarity: number;
        heldoutIteration: number | null;
        benchmarks: readonly string[];
        /** Key of the iteration’s curriculum, where it has one. */
        plan?: string;
      },
    ): Promise<GatheredProblems> {
      const seconds = stopwatch();
      const judged: JudgedProblem[] = [];
      for (let batch = 0; batch < i.batches; batch += 1) {
        const key = layout.work(i, i.iteration, 'judged', `${batch}.jsonl`);
        judged.push(...(await store.readJsonLines(key, JudgedProblem)));
      }
      const heldout =
        i.heldoutIteration === null
          ? []
          : (await store.readJson(layout.work(i, i.heldoutIteration, 'heldout.json'), HeldoutProblems))
              .problems;
      const marked = markDuplicates(judged, {
        limit: i.plan === undefined ? i.limit : judged.length,
        similarity: i.similarity,
        heldout,
        earlier: await earlierProblems(store, i),
        benchmarks: await readReferences(store, i.campaignId, i.benchmarks),
      });
      const { duplicates, nearDuplicates, contaminated } = marked;
      const problems =
        i.plan === undefined
          ? marked.problems
          : keepNearTarget(marked.problems, await store.readJson(i.plan, CurriculumPlan), i.limit);
      await store.onceLines(
        layout.contamination(i, i.iteration, 'problems'),
        AnyDocument,
        async () => contaminated,
      );
      const stored = await store.onceLines(
        layout.problems(i, i.iteration),
        JudgedProblem,
        async () => problems,
      );
      const accepted = stored.filter((line) => line.accepted).map((line) => line.problem);
      const limit = pLimit(WIDTH);
      await Promise.all(
        accepted.map((problem) =>
          limit(async () => {
            await store.once(
              layout.work(i, i.iteration, 'problems', `${problem.id}.json`),
              Problem,
              async () => problem,
            );
            heartbeat();
          }),
        ),
      );
      const ids = await store.once(acceptedKey(i), AcceptedIds, async () =>
        accepted.map((problem) => problem.id),
      );
      return {
        ...{ accepted: ids.length, duplicates, nearDuplicates, contaminated: contaminated.length },
        seconds: seconds(),
      };
    },

    /** Ids of accepted problems from position `from`, `size` at most. */
    async acceptedPage(i: StepContext & { from: number; size: number }): Promise<string[]> {
      return (await store.readJson(acceptedKey(i), AcceptedIds)).slice(i.from, i.from + i.size);
    },

    /**
     * Gathers tests and selections, as they are after review, into one file each, in the order of the problems.
     * `unasked`: some were decided that nobody was asked about, and are not among `reviews`. Safe to repeat.
     */
    async gatherResults(
      i: StepContext & { reviews?: readonly ReviewDecision[]; unasked?: boolean },
    ): Promise<{ problems: number; seconds: number }> {
      const seconds = stopwatch();
      const ids = await store.readJson(acceptedKey(i), AcceptedIds);
      const reviews = i.unasked ? await readReviews(store, i) : new Map<string, ReviewDecision>();
      for (const decision of i.reviews ?? []) reviews.set(decision.problemId, decision);
      for (const [stage, key] of [
        ['tests', layout.tests(i, i.iteration)],
        ['selections', layout.selections(i, i.iteration)],
      ] as const) {
        await store.onceLines(key, AnyDocument, async () => {
          const limit = pLimit(WIDTH);
          const lines = await Promise.all(
            ids.map((problemId) =>
              limit(async () => {
                heartbeat();
                const part = layout.work(i, i.iteration, stage, `${problemId}.json`);
                // A problem that failed, or had too few tests, has no selection.
                if (!(await store.find(part))) return [];
                const line = await store.readJson(part, AnyDocument);
                const isSelection = stage === 'selections';
                return [{ problemId, ...(isSelection ? reviewed(line, reviews.get(problemId)) : line) }];
              }),
            ),
          );
          return lines.flat();
        });
      }
      return { problems: ids.length, seconds: seconds() };
    },
  };
};

/** What earlier iterations accepted, in their order. */
const earlierProblems = async (store: ObjectStore, i: StepContext): Promise<Problem[]> => {
  const problems: Problem[] = [];
  for (let n = 1; n < i.iteration; n += 1) {
    const lines = await store.readJsonLines(layout.problems(i, n), JudgedProblem);
    problems.push(...lines.filter(({ accepted }) => accepted).map(({ problem }) => problem));
    heartbeat();
  }
  return problems;
};

export type CampaignActivities = ReturnType<typeof createCampaignActivities>;
