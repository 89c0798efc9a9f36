/** I1 to I6 of a campaign that was disturbed, against one that was not. */
import { expect } from 'vitest';
import { type CampaignResult, isTheUndisturbed, resultOf } from './campaign-result.ts';
import type { Examined } from './examined.ts';
import { nothingIsLeft } from './leftovers.ts';
import { everyFaultIsTold } from './told-faults.ts';
import { eachVerdictOnce } from './verdicts.ts';

/** Requests that a fault may have cost twice, where the campaign asked so many different ones: what was in flight. */
export type Allowance = (different: number) => number;

export type Disturbance = {
  reference: CampaignResult;
  repeatedRequests: Allowance;
  /** Keys of the result, with NAME for the campaign's, that tell of another beginning: those of its settings. */
  apart?: readonly string[];
  /** Whether a person had a part of it done again. */
  isRetried?: boolean;
  /** Least number of records in the operations document; 0 where the fault hit nothing that was tried again. */
  faults: number;
  /** How long the leftovers of a fault may last; the promise of docs/reliability.md where it is absent. */
  leftWithinMs?: number;
};

/** Thrown: an assertion that begins with the number of what does not hold. */
export const checkInvariants = async (
  examined: Examined,
  name: string,
  { reference, repeatedRequests, faults, apart = [], isRetried = false, leftWithinMs }: Disturbance,
): Promise<void> => {
  await eachVerdictOnce(examined, name);
  isTheUndisturbed(await resultOf(examined, name, { isRetried }), reference, { apart, isRetried });
  const { total, repeated } = await examined.model.asked();
  console.info(`I3: ${repeated} of ${total} requests were repeats`);
  expect(total - repeated, 'I3: requests were counted').toBeGreaterThan(0);
  const allowed = repeatedRequests(total - repeated);
  expect(repeated, 'I3: repeated work is what was in flight').toBeLessThanOrEqual(allowed);
  await nothingIsLeft(examined, leftWithinMs);
  await everyFaultIsTold(examined, name, faults);
};
