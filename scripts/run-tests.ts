/**
 * All tests, one runner after the other, and the sum of what they report as the last line.
 * `npm test -- unit check` runs only these steps.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { install } from '../infra/install/install.ts';
import { PART_NAMES, type Progress } from '../infra/install/part.ts';
import { projectRoot } from '../infra/paths.ts';
import { markTestRun } from './end-leftovers.ts';
import { readPytest, readVitest } from './test-reports.ts';
import { closingLine, runStep, sum, type Totals } from './test-steps.ts';

const REPORTS = join(projectRoot, '.ucoder', 'test-reports');
const PYTHON_PACKAGES = ['infra/sandbox/python', 'infra/trainer'];

const vitest = (project: string) => {
  const report = join(REPORTS, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const command = ['npx', '--no-install', 'vitest', 'run', '--project', project, ...reporters] as const;
  return runStep(project, command, () => readVitest(report));
};

const pytest = (python: string, folder: string) => {
  const report = join(REPORTS, `${folder.replaceAll('/', '-')}.xml`);
  const command = [python, '-m', 'pytest', '--quiet', `--junitxml=${report}`] as const;
  return runStep(folder, command, () => readPytest(report), join(projectRoot, folder));
};

/** What Biome is to the TypeScript. */
const ruff = async (python: string, folder: string): Promise<Totals> => {
  const run = (...command: readonly string[]) =>
    runStep(
      `${folder}: ruff ${command.join(' ')}`,
      [python, '-m', 'ruff', ...command, '--no-cache', '.'],
      undefined,
      join(projectRoot, folder),
    );
  return sum([await run('check'), await run('format', '--check')]);
};

/** Undefined, with the reason on the screen, where the machine lacks something. */
const installPython = async (): Promise<string | undefined> => {
  process.stdout.write('\n=== installing what the tests need\n');
  try {
    const tell = ({ part, activity }: Progress) => process.stdout.write(`  ${part}: ${activity}\n`);
    return (await install(PART_NAMES, tell)).python;
  } catch (thrown) {
    process.stdout.write(`${messageOf(thrown)}\n`);
    return undefined;
  }
};

const runPython = async (): Promise<Totals> => {
  const python = await installPython();
  if (python === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const totals: Totals[] = [];
  for (const folder of PYTHON_PACKAGES) totals.push(await ruff(python, folder), await pytest(python, folder));
  return sum(totals);
};

/** In the order of running: what fails fast comes first. */
const STEPS: Record<string, () => Promise<Totals>> = {
  check: () => runStep('check', ['npm', 'run', '--silent', 'check']),
  unit: () => vitest('unit'),
  python: runPython,
  integration: () => vitest('integration'),
  security: () => vitest('security'),
  chaos: () => vitest('chaos'),
  e2e: () => vitest('e2e'),
};

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !(name in STEPS));
if (unknown !== undefined) {
  process.stderr.write(`There is no step ${unknown}. Steps: ${Object.keys(STEPS).join(', ')}.\n`);
  process.exit(2);
}
const endLeftovers = markTestRun();
await rm(REPORTS, { recursive: true, force: true });
await mkdir(REPORTS, { recursive: true });
const totals: Totals[] = [];
for (const [name, run] of Object.entries(STEPS)) {
  if (chosen.length === 0 || chosen.includes(name)) totals.push(await run());
}
const ended = await endLeftovers();
if (ended > 0) process.stdout.write(`\n${ended} processes that the tests had left were ended.\n`);
const { line, exitCode } = closingLine(sum(totals));
process.stdout.write(`\n${line}\n`);
process.exit(exitCode);
