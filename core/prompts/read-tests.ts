/** Turns answers of the stage tests into test cases. */
import type { Problem } from '../problems/problem.ts';
import type { TEST_CATEGORIES, TestCase } from '../problems/test-case.ts';
import { type Assertion, parseAssertion } from '../python/assertion.ts';
import { callMisfit } from '../python/call-fits.ts';
import { parseSignature } from '../python/signature.ts';
import { topLevelStatements } from '../python/statements.ts';
import { parseCodeBlocks } from './code-blocks.ts';

export type TestCategory = (typeof TEST_CATEGORIES)[number];

export type WrittenTests = { tests: TestCase[]; discarded: string[] };

/** One answer, and the category that was asked for; without one each test is sorted by its own text. */
export type TestsAnswer = { text: string; category?: TestCategory };

/**
 * Asserts in the order they were written, `count` at most, the rest counted: repetitions of a call, and calls
 * that contradict the signature and so could only test how a function fails.
 */
export const readTests = (
  answers: readonly TestsAnswer[],
  { functionName, signature }: Pick<Problem, 'functionName' | 'signature'>,
  count: number,
): WrittenTests => {
  const read = parseSignature(signature);
  const calls = new Set<string>();
  const tests: TestCase[] = [];
  const discarded: string[] = [];
  for (const { text, category } of answers) {
    const blocks = parseCodeBlocks(text);
    if (!blocks.ok) discarded.push(blocks.reason);
    for (const assertion of blocks.ok ? assertions(blocks.value, functionName, discarded) : []) {
      const misfit = read.ok ? callMisfit(assertion.call, read.value) : undefined;
      if (misfit) discarded.push(misfit);
      else if (calls.has(assertion.call)) discarded.push('call-repeated');
      else if (tests.length >= count) discarded.push('more-than-asked-for');
      else {
        calls.add(assertion.call);
        const id = `t${String(tests.length + 1).padStart(3, '0')}`;
        tests.push({ id, ...assertion, category: category ?? categoryOf(assertion.call) });
      }
    }
  }
  return { tests, discarded };
};

const assertions = (blocks: readonly string[], functionName: string, discarded: string[]): Assertion[] =>
  blocks.flatMap((block) =>
    assertStatements(block).flatMap((statement) => {
      const read = parseAssertion(statement, functionName);
      if (read.ok) return [read.value];
      discarded.push(read.reason);
      return [];
    }),
  );

/** Asserts at the top level, and those inside a test function or an `if`. */
const assertStatements = (block: string): string[] =>
  topLevelStatements(dedentAsserts(block))
    .map(({ text }) => text)
    .filter((text) => text.startsWith('assert'));

const dedentAsserts = (block: string): string => block.replace(/^[ \t]+(?=assert\b)/gm, '');

const LARGE_CALL = 120;

/** The article's categories, told from the text of a call. */
export const categoryOf = (call: string): TestCategory => {
  const inside = call.slice(call.indexOf('('));
  if (call.length > LARGE_CALL || /\*\s*\d{3,}|\brange\(\s*\d{3,}/.test(inside)) return 'large';
  if (/""|''|\[\s*\]|\{\s*\}|\(\s*\)|\bNone\b/.test(inside)) return 'empty';
  if (/[^\x20-\x7e]|\\[^'"]|["'][^"']*[^\w\s"',.!?()[\]-][^"']*["']/.test(inside))
    return 'unusual-characters';
  if (/(?<![\w."'])-\d|(?<![\w.])0(?![\w.])|\d{6,}|\d[eE]\d|\binf\b|\bnan\b/.test(inside)) return 'extreme';
  return 'ordinary';
};
