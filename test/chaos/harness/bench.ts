/** What every file of the suite begins with: a stack, an undisturbed campaign, and ways to break the next one. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type CampaignResult, resultOf } from './campaign-result.ts';
import { finished, type Moment, newName, start, until } from './campaigns.ts';
import { type ChaosStack, startChaosStack } from './chaos-stack.ts';
import { type Allowance, checkInvariants, type Disturbance } from './invariants.ts';

/**
 * Requests that one fault may cost twice: those of the activities in flight. Judging asks most at once, the
 * planted problems or a batch of proposals by two criteria each.
 */
const IN_FLIGHT: Allowance = () => 100;

/** How often the hardest faults run in a row: CHAOS_TIMES, 1 without it. */
export const HARDEST = { repeats: Number(process.env.CHAOS_TIMES ?? 1) - 1 };

export type Bench = {
  readonly stack: ChaosStack;
  /** Runs a campaign that `disturb` breaks at `moment`, and checks I1 to I6. `faults`: least records of them. */
  disturbed: (
    moment: Moment | 'start',
    faults: number,
    disturb: (name: string) => Promise<void>,
    /** Requests that may be asked twice, where more than one moment is disturbed. */
    repeatedRequests?: Allowance,
  ) => Promise<string>;
  /** I1 to I6 of a campaign that has ended. */
  check: (
    name: string,
    faults: number,
    otherwise?: Partial<Omit<Disturbance, 'reference' | 'faults'>>,
  ) => Promise<void>;
};

/** To be called at the top of a file. */
export const chaosBench = (): Bench => {
  let stack: ChaosStack | undefined;
  let reference: CampaignResult = {};
  const theStack = (): ChaosStack => {
    if (!stack) throw new Error('The stack is not up.');
    return stack;
  };
  beforeAll(async () => {
    stack = await startChaosStack();
    const name = newName();
    await start(stack, name);
    await finished(stack, name);
    reference = await resultOf(stack, name);
  });
  afterEach(() => stack?.mend());
  afterAll(() => stack?.stop());

  const check: Bench['check'] = (name, faults, otherwise) =>
    checkInvariants(theStack(), name, { reference, faults, repeatedRequests: IN_FLIGHT, ...otherwise });
  return {
    get stack() {
      return theStack();
    },
    check,
    disturbed: async (moment, faults, disturb, repeatedRequests) => {
      const name = newName();
      await theStack().model.forget();
      await start(theStack(), name);
      if (moment !== 'start') await until(theStack(), name, moment);
      await disturb(name);
      await finished(theStack(), name);
      await check(name, faults, repeatedRequests ? { repeatedRequests } : {});
      return name;
    },
  };
};
