/** Which topic each proposal is about: cycles of `count` proposals with the plan’s quotas, each in another order. */
import { UcoderError } from '../../errors.ts';
import { seededRandom, shuffled } from '../../statistics/seeded-random.ts';
import type { CurriculumPlan, PlannedTopic } from './curriculum-plan.ts';

/** Of proposals `first` to `first + size`; the same whatever batches they come in. */
export const topicsOfProposals = (plan: CurriculumPlan, first: number, size: number): PlannedTopic[] => {
  const cycles = new Map<number, PlannedTopic[]>();
  return Array.from({ length: size }, (_, offset) => {
    const index = first + offset;
    const cycle = Math.floor(index / plan.count);
    const order = cycles.get(cycle) ?? cycleOf(plan, cycle);
    cycles.set(cycle, order);
    const topic = order[index % plan.count];
    if (!topic) throw new UcoderError('internal', `The curriculum has no topic for proposal ${index}.`);
    return topic;
  });
};

const cycleOf = ({ topics, seed, iteration }: CurriculumPlan, cycle: number): PlannedTopic[] =>
  shuffled(
    topics.flatMap((topic) => Array.from({ length: topic.quota }, () => topic)),
    seededRandom(seed, `curriculum/${iteration}/proposals/${cycle}`),
  );
