/** The campaign that all faults are measured against. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { finished, newName, start } from './harness/campaigns.ts';
import { type ChaosStack, startChaosStack } from './harness/chaos-stack.ts';
import { resultOf } from './harness/invariants.ts';

let stack: ChaosStack;
beforeAll(async () => {
  stack = await startChaosStack();
});
afterAll(() => stack?.stop());

it('gives the same result twice when nothing disturbs it', async () => {
  const results = [];
  for (let run = 0; run < 2; run += 1) {
    const name = newName();
    const begun = performance.now();
    await start(stack, name);
    await finished(stack, name);
    console.info(`${Math.round(performance.now() - begun)} ms`);
    results.push(await resultOf(stack, name));
  }
  expect(results[1]).toEqual(results[0]);
});
