/** A test as the model wrote it: the call apart from its expected value, so that a wrong value can be dropped. */
import { z } from 'zod';

/** The article's categories of tests. */
export const TEST_CATEGORIES = ['ordinary', 'empty', 'extreme', 'unusual-characters', 'large'] as const;

export const TestCase = z.strictObject({
  id: z.string().describe('t001, t002, …'),
  call: z.string().describe('A Python expression that calls the function under test.'),
  expected: z.string().describe('A Python literal; the model’s claim.'),
  category: z.enum(TEST_CATEGORIES),
});
export type TestCase = z.infer<typeof TestCase>;
