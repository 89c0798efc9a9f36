/** Runs one step of `npm test` and counts what it reports. */
import { spawn } from 'node:child_process';
import { projectRoot } from '../infra/paths.ts';

export type Totals = Readonly<{ passed: number; failed: number; skipped: number }>;

/** True once somebody asked us to stop: what runs ends by itself, cleaning up, and nothing new is started. */
let stopped = false;

/**
 * Shows the step's output as it comes. A step without a report (a linter) counts only where it fails; a runner
 * that fails without a failed test (it crashed, or could not start) counts as one failure.
 */
export const runStep = async (
  name: string,
  [program, ...args]: readonly [string, ...string[]],
  readReport?: () => Promise<Totals | undefined>,
  folder: string = projectRoot,
): Promise<Totals> => {
  if (stopped) return { passed: 0, failed: 1, skipped: 0 };
  process.stdout.write(`\n=== ${name}\n`);
  const code = await new Promise<number>((resolve) => {
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
    const forward = (signal: NodeJS.Signals) => {
      stopped = true;
      child.kill(signal);
    };
    process.once('SIGINT', forward).once('SIGTERM', forward);
    const end = (status: number) => {
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve(status);
    };
    child.once('error', (error) => {
      process.stdout.write(`${program} cannot be started: ${error.message}\n`);
      end(1);
    });
    child.once('close', (status) => end(status ?? 1));
  });
  const totals = (await readReport?.()) ?? { passed: 0, failed: 0, skipped: 0 };
  const crashed = code !== 0 && totals.failed === 0;
  const silent =
    code === 0 && readReport !== undefined && totals.passed + totals.failed + totals.skipped === 0;
  if (crashed) process.stdout.write(`${name} ended with code ${code}.\n`);
  if (silent) process.stdout.write(`${name} reported no tests.\n`);
  return crashed || silent ? { ...totals, failed: totals.failed + 1 } : totals;
};

export const sum = (steps: readonly Totals[]): Totals => ({
  passed: steps.reduce((total, { passed }) => total + passed, 0),
  failed: steps.reduce((total, { failed }) => total + failed, 0),
  skipped: steps.reduce((total, { skipped }) => total + skipped, 0),
});

/** What CI reads. Skipped tests are named only where there are any; a run without a test has not passed. */
export const closingLine = ({ passed, failed, skipped }: Totals): { line: string; exitCode: 0 | 1 } => ({
  line: `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  exitCode: failed > 0 || passed === 0 ? 1 : 0,
});
