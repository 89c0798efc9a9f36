/** What the stage test stores for one problem, before the sandbox has checked it. */
import { z } from 'zod';
import { TestCase } from './test-case.ts';

export const WrittenTests = z.strictObject({
  tests: z.array(TestCase),
  discarded: z.record(z.string(), z.int().min(1)).describe('How often each reason occurred.'),
  tokens: z.int().min(0).describe('Completion tokens.'),
});
export type WrittenTests = z.infer<typeof WrittenTests>;
