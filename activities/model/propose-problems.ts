import { z } from 'zod';
import { layout } from '../../core/layout.ts';
import { CurriculumPlan } from '../../core/problems/curriculum/curriculum-plan.ts';
import { topicsOfProposals } from '../../core/problems/curriculum/topics-of-proposals.ts';
import { Problem } from '../../core/problems/problem.ts';
import { parseTopics, type Topic, topicOf } from '../../core/problems/topics.ts';
import { difficultyLevel } from '../../core/prompts/difficulty-level.ts';
import { readProblem } from '../../core/prompts/read-problem.ts';
import { renderStage } from '../../core/prompts/render.ts';
import { deriveSeed } from '../../core/sampling/derive-seed.ts';
import { whileHeartbeating } from '../context.ts';
import {
  countReasons,
  type ModelStepContext,
  type ReasonCounts,
  type StepMeasures,
  stopwatch,
} from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { inParallel } from './in-parallel.ts';
import { campaignPrompts, DEFAULT_WIDTH, type ModelDependencies, stageRequest } from './model-step.ts';

export type ProposeInput = ModelStepContext & {
  batch: number;
  firstIndex: number;
  count: number;
  /** Key of the iteration’s curriculum, where it has one. */
  plan?: string;
};
export type ProposeResult = StepMeasures & { proposed: number; discarded: ReasonCounts };

/** What a batch of proposals came to; the problems alone lie beside it as JSON Lines. */
const Proposals = z.strictObject({
  problems: z.array(Problem),
  discarded: z.array(z.strictObject({ topic: z.string(), answer: z.string(), reason: z.string() })),
  tokens: z.int(),
});

/** Asks for one problem a topic. Safe to repeat: the batch's document is written once and read ever after. */
export const proposeProblems =
  ({ store, model, width = DEFAULT_WIDTH }: ModelDependencies) =>
  async (i: ProposeInput): Promise<ProposeResult> => {
    const elapsed = stopwatch();
    const key = (file: string) => layout.work(i, i.iteration, 'proposals', file);
    const stored = await store.once(key(`${i.batch}.json`), Proposals, async () => {
      const set = await campaignPrompts(store, i);
      const subjects = await subjectsOf(store, i);
      const asked = await whileHeartbeating(
        inParallel(subjects, width, async ({ index, topic, domain, asked }, signal) => {
          const seed = deriveSeed({ seed: i.seed, iteration: i.iteration, stage: 'propose', index });
          const prompt = renderStage(set, 'propose', {
            ...{ topic, domain, difficulty: difficultyLevel(set, asked) },
          });
          const request = stageRequest(set, 'propose', prompt, { model: i.servedModel, seed, samples: 1 });
          const { choices, tokens } = await model.ask(request, signal);
          const text = prompt.prefix + (choices[0]?.text ?? '');
          const id = `p${String(index + 1).padStart(4, '0')}`;
          return { id, topic, domain, text, tokens, read: readProblem(text, set.stages.propose) };
        }),
      );
      return {
        problems: asked.flatMap(({ id, topic, domain, read }) =>
          read.ok ? [{ id, domain, topic, ...read.value }] : [],
        ),
        discarded: asked.flatMap(({ topic, text, read }) =>
          read.ok ? [] : [{ topic, answer: text, reason: read.reason }],
        ),
        tokens: asked.reduce((sum, { tokens }) => sum + tokens, 0),
      };
    });
    await store.putJsonLines(key(`${i.batch}.jsonl`), stored.problems);
    return {
      proposed: stored.problems.length,
      discarded: countReasons(stored.discarded.map(({ reason }) => reason)),
      tokens: stored.tokens,
      seconds: elapsed(),
    };
  };

/** Number, topic and, where there is a curriculum, difficulty of each proposal of the batch. */
const subjectsOf = async (
  store: ObjectStore,
  i: ProposeInput,
): Promise<(Topic & { index: number; asked?: number })[]> => {
  if (i.plan !== undefined) {
    const plan = await store.readJson(i.plan, CurriculumPlan);
    return topicsOfProposals(plan, i.firstIndex, i.count).map(({ domain, topic, asked }, offset) => ({
      ...{ index: i.firstIndex + offset, domain, topic, asked },
    }));
  }
  const key = layout.topics(i.campaignId);
  const topics = parseTopics((await store.read(key)).toString(), key);
  return Array.from({ length: i.count }, (_, offset) => {
    const index = i.firstIndex + offset;
    return { index, ...topicOf(topics, i.iteration, index) };
  });
};
