import { leastCount } from '../../statistics/least-count.ts';
import { KEPT, type NonTrivialRule } from './non-trivial-rule.ts';

/** Off unless minShare is set: small shares are more often wrong, but not always (Fibonacci at 4 of 16 was right). */
export const minimumShare: NonTrivialRule = {
  name: 'minimum-share',
  summary: 'The cluster holds at least minShare of all the problem’s candidates.',
  appliesTo: ({ policy }) => policy.minShare > 0,
  judge: ({ members }, { policy, population }) => {
    const least = leastCount(policy.minShare, population.candidates.length);
    if (members.length >= least) return KEPT;
    return {
      state: 'refused',
      reason: `${members.length} of the ${least} members that minShare ${policy.minShare} needs`,
    };
  },
};
