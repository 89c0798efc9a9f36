/** Which requests a problem's tests take: one for each category where the template asks by category, else one. */
import { TEST_CATEGORIES } from '../problems/test-case.ts';
import type { PromptSet } from './prompt-set.ts';
import type { TestCategory } from './read-tests.ts';
import { placeholdersIn } from './render.ts';

export type TestRequest = {
  category?: TestCategory;
  values: { category: string; categoryHint: string; count: string };
};

const HINTS: Record<TestCategory, string> = {
  ordinary: 'typical arguments of moderate size, each testing something else',
  empty: 'empty strings, empty collections, zero, and None where the types allow it',
  extreme: 'boundary values: negative numbers, zero, one, very large and very small numbers, single elements',
  'unusual-characters':
    'punctuation, whitespace, accented letters, non-Latin scripts and emoji in strings; repeated and mixed values elsewhere',
  large: 'large inputs, built by expressions such as "ab" * 1000 or list(range(1000))',
};

export const testRequests = (set: PromptSet, count: number): TestRequest[] => {
  const used = placeholdersIn(set.stages.tests.text);
  if (!used.includes('category') && !used.includes('categoryHint')) {
    return [{ values: { category: '', categoryHint: '', count: String(count) } }];
  }
  const each = String(Math.ceil(count / TEST_CATEGORIES.length));
  return TEST_CATEGORIES.map((category) => ({
    category,
    values: { category, categoryHint: HINTS[category], count: each },
  }));
};
