import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPytest, readVitest } from '../../scripts/test-reports.ts';
import { closingLine, runStep, sum } from '../../scripts/test-steps.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucoder-reports-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const totals = (passed: number, failed = 0, skipped = 0) => ({ passed, failed, skipped });

describe('closingLine', () => {
  it('sums what all runners report, and names skipped tests only where there are any', () => {
    expect(closingLine(sum([totals(3), totals(4)]))).toEqual({ line: '7 passed, 0 failed', exitCode: 0 });
    expect(closingLine(sum([totals(3, 1, 2), totals(1)]))).toEqual({
      line: '4 passed, 1 failed, 2 skipped',
      exitCode: 1,
    });
  });

  it('fails where nothing ran', () => {
    expect(closingLine(sum([])).exitCode).toBe(1);
  });
});

describe('runStep', () => {
  const node = (program: string) => [process.execPath, '-e', program] as const;

  it('counts what the runner reports', async () => {
    expect(await runStep('a', node(''), async () => totals(3))).toEqual(totals(3));
  });

  it('counts a runner that crashes, or reports nothing, as one failure', async () => {
    expect(await runStep('a', node('process.exit(1)'), async () => totals(3))).toEqual(totals(3, 1));
    expect(await runStep('a', node(''), async () => undefined)).toEqual(totals(0, 1));
    expect(await runStep('a', ['/nowhere/runner'])).toEqual(totals(0, 1));
  });

  it('counts a step that has no tests only where it fails', async () => {
    expect(await runStep('lint', node(''))).toEqual(totals(0));
    expect(await runStep('lint', node('process.exit(2)'))).toEqual(totals(0, 1));
  });
});

describe('the runners’ reports', () => {
  it('are read from vitest’s JSON; a file that does not load is a failure', async () => {
    const file = join(folder, 'report.json');
    const counts = {
      numPassedTests: 5,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      numFailedTestSuites: 1,
    };
    await writeFile(file, JSON.stringify(counts));
    expect(await readVitest(file)).toEqual(totals(5, 1, 3));
    await writeFile(file, JSON.stringify({ ...counts, numFailedTests: 0 }));
    expect(await readVitest(file)).toEqual(totals(5, 1, 3));
  });

  it('are read from pytest’s XML, errors included', async () => {
    const file = join(folder, 'report.xml');
    await writeFile(
      file,
      '<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1">',
    );
    expect(await readPytest(file)).toEqual(totals(4, 3, 3));
  });

  it('are undefined where a runner left none', async () => {
    expect(await readVitest(join(folder, 'none'))).toBeUndefined();
    expect(await readPytest(join(folder, 'none'))).toBeUndefined();
  });
});
