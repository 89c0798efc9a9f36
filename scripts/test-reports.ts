/** Reads the counts from the runners' own reports; undefined where a runner left none. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Totals } from './test-steps.ts';

const VitestReport = z.looseObject({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numFailedTestSuites: z.int(),
});

/** A file that could not be loaded has no tests but a failed suite: that is one failure. */
export const readVitest = async (file: string): Promise<Totals | undefined> => {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const report = VitestReport.parse(JSON.parse(text));
  const failed = report.numFailedTests === 0 && report.numFailedTestSuites > 0 ? 1 : report.numFailedTests;
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests };
};

/** JUnit's attributes, as pytest writes them on its <testsuite>. */
export const readPytest = async (file: string): Promise<Totals | undefined> => {
  const suite = /<testsuite [^>]*>/.exec(await readFile(file, 'utf8').catch(() => ''))?.[0];
  if (suite === undefined) return undefined;
  const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  const skipped = count('skipped');
  return { passed: count('tests') - failed - skipped, failed, skipped };
};
