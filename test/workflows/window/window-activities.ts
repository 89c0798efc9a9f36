/** What an iteration asks for beside its problems, with so many of them. */
import { summariseConsensus } from '../../../core/selection/consensus-summary.ts';

export const windowActivities = (total: number) => {
  const ids = Array.from({ length: total }, (_, index) => `p${String(index + 1).padStart(4, '0')}`);
  const step = { tokens: 1, seconds: 0 };
  return {
    findCurriculum: async () => null,
    proposeProblems: async ({ count }: { count: number }) => ({ proposed: count, discarded: {}, ...step }),
    judgeProblems: async () => ({ accepted: 20, refined: 0, discarded: {}, scores: [1], ...step }),
    gatherProblems: async () => ({
      accepted: total,
      duplicates: 0,
      nearDuplicates: 0,
      contaminated: 0,
      seconds: 0,
    }),
    acceptedPage: async (i: { from: number; size: number }) => ids.slice(i.from, i.from + i.size),
    gatherResults: async () => ({ problems: total, seconds: 0 }),
    summariseConsensus: async () => ({ ...summariseConsensus([]), seconds: 0 }),
  };
};
