/** All tests, one runner after the other, and the sum of what they report as the last line. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { install } from '../infra/install/install.ts';
import { PART_NAMES } from '../infra/install/part.ts';
import { projectRoot } from '../infra/paths.ts';
import { readPytest, readVitest } from './test-reports.ts';
import { closingLine, runStep, stepsStopped, type Totals } from './test-steps.ts';

const REPORTS = join(projectRoot, '.ucoder', 'test-reports');
const PROJECTS = ['unit', 'integration', 'security', 'e2e'] as const;
const PYTHON_PACKAGES = ['infra/sandbox', 'infra/trainer'];

const vitest = (project: string) => {
  const report = join(REPORTS, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const command = ['npx', '--no-install', 'vitest', 'run', '--project', project, ...reporters] as const;
  return runStep(project, command, () => readVitest(report));
};

const pytest = (python: string, folder: string) => {
  const report = join(REPORTS, `${folder.replace('/', '-')}.xml`);
  const command = [python, '-m', 'pytest', '--quiet', `--junitxml=${report}`] as const;
  return runStep(folder, command, () => readPytest(report), join(projectRoot, folder));
};

const runAll = async (): Promise<Totals[]> => {
  const totals: Totals[] = [];
  totals.push(await runStep('check', ['npm', 'run', '--silent', 'check']));
  totals.push(await vitest('unit'));
  process.stdout.write('\n=== installing what the other tests need\n');
  const python = await install(PART_NAMES, ({ part, activity }) =>
    process.stdout.write(`  ${part}: ${activity}\n`),
  ).then(
    (installed) => installed.python,
    (thrown: unknown) => {
      process.stdout.write(`${messageOf(thrown)}\n`);
      return undefined;
    },
  );
  if (python === undefined) {
    process.stdout.write(
      'Not run, because of that: tests of the Python packages, integration, security, e2e.\n',
    );
    return [...totals, { passed: 0, failed: 1, skipped: 0 }];
  }
  for (const folder of PYTHON_PACKAGES) totals.push(await pytest(python, folder));
  for (const project of PROJECTS.filter((name) => name !== 'unit')) {
    if (!stepsStopped()) totals.push(await vitest(project));
  }
  return totals;
};

await rm(REPORTS, { recursive: true, force: true });
await mkdir(REPORTS, { recursive: true });
const { line, exitCode } = closingLine(await runAll());
process.stdout.write(`\n${line}\n`);
process.exitCode = exitCode;
