/** The curriculum of an iteration: planned before its first proposal, told at its end. Both look at what is stored. */
import { z } from 'zod';
import type { CurriculumConfig } from '../../core/config/curriculum-config.ts';
import { layout } from '../../core/layout.ts';
import { CurriculumPlan } from '../../core/problems/curriculum/curriculum-plan.ts';
import {
  type CurriculumRecord,
  curriculumRecord,
  TopicOutcome,
  topicOutcomes,
} from '../../core/problems/curriculum/curriculum-record.ts';
import { type MeasuredProblem, measuredProblems } from '../../core/problems/curriculum/measured-problem.ts';
import { planCurriculum } from '../../core/problems/curriculum/plan-curriculum.ts';
import { JudgedProblem } from '../../core/problems/problem.ts';
import { parseTopics } from '../../core/problems/topics.ts';
import { StoredSelection } from '../../core/selection/stored-selection.ts';
import { whileHeartbeating } from '../context.ts';
import { type StepContext, stopwatch } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** What the workflow keeps of a plan. */
export type PlannedCurriculum = {
  /** Key of the plan. */
  plan: string;
  target: number;
  /** Accepted problems after which no more are proposed. */
  wanted: number;
};

export type PlanCurriculumInput = StepContext & {
  settings: CurriculumConfig;
  /** Problems wanted. */
  count: number;
  /** Earlier iterations that count for the schedule. */
  step: number;
  /** Iterations whose measures count. */
  measuredIn: readonly number[];
  /** Usable tests that a problem needs. */
  minimumTests: number;
};

const SelectionLine = StoredSelection.pick({
  selected: true,
  evidence: true,
  rules: true,
  health: true,
}).extend({
  problemId: z.string(),
});
const TestsLine = z.object({ problemId: z.string(), tests: z.array(z.unknown()) });

export const createCurriculumActivities = ({ store }: { store: ObjectStore }) => ({
  /**
   * Plans topics and difficulty from the measures of earlier iterations. Null where proposals of this iteration lie
   * there already and no plan: they began without one. Safe to repeat: the first plan stands.
   */
  async planCurriculum(i: PlanCurriculumInput): Promise<(PlannedCurriculum & { seconds: number }) | null> {
    const seconds = stopwatch();
    const key = layout.curriculum(i, i.iteration, 'plan');
    const begun = layout.work(i, i.iteration, 'proposals', '0.json');
    if (!(await store.find(key)) && (await store.find(begun))) return null;
    const { target, wanted } = await store.once(key, CurriculumPlan, async () => {
      const topicsKey = layout.topics(i.campaignId);
      const topics = parseTopics((await store.read(topicsKey)).toString(), topicsKey);
      const measured: MeasuredProblem[] = [];
      for (const iteration of i.measuredIn)
        measured.push(...(await whileHeartbeating(measuredIn(store, i, iteration))));
      return planCurriculum({ ...i, topics, measured });
    });
    return { plan: key, target, wanted, seconds: seconds() };
  },

  /** The plan with which this iteration began, whatever the settings are now; null where it began without one. */
  async findCurriculum(i: StepContext): Promise<PlannedCurriculum | null> {
    const plan = layout.curriculum(i, i.iteration, 'plan');
    if (!(await store.find(plan))) return null;
    const { target, wanted } = await store.readJson(plan, CurriculumPlan);
    return { plan, target, wanted };
  },

  /** What came of the plan, topic by topic. Safe to repeat: it is a function of the gathered selections. */
  async summariseCurriculum(
    i: StepContext & Pick<PlanCurriculumInput, 'minimumTests'> & { plan: string },
  ): Promise<{ record: CurriculumRecord; seconds: number }> {
    const seconds = stopwatch();
    const plan = await store.readJson(i.plan, CurriculumPlan);
    const key = layout.curriculum(i, i.iteration, 'outcome');
    const outcomes = await store.once(key, z.array(TopicOutcome), async () =>
      topicOutcomes(plan, await whileHeartbeating(measuredIn(store, i, i.iteration))),
    );
    return { record: curriculumRecord(plan, outcomes), seconds: seconds() };
  },
});
export type CurriculumActivities = ReturnType<typeof createCurriculumActivities>;

/** Empty where the iteration gathered nothing. */
const measuredIn = async (
  store: ObjectStore,
  i: StepContext & Pick<PlanCurriculumInput, 'minimumTests'>,
  iteration: number,
): Promise<MeasuredProblem[]> => {
  const key = layout.selections(i, iteration);
  if (!(await store.find(key))) return [];
  const tests = await store.readJsonLines(layout.tests(i, iteration), TestsLine);
  return measuredProblems(iteration, {
    problems: await store.readJsonLines(layout.problems(i, iteration), JudgedProblem),
    selections: await store.readJsonLines(key, SelectionLine),
    tests: tests.map((line) => ({ problemId: line.problemId, tests: line.tests.length })),
    minimum: i.minimumTests,
  });
};
