/** The commands that a person types, as processes of their own: `ucoder` and Temporal's. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../../infra/paths.ts';
import { temporalExecutable } from '../../support/temporal.ts';
import type { ChaosStack } from './chaos-stack.ts';

const run = async (
  { environment }: ChaosStack,
  program: string,
  args: readonly string[],
): Promise<string> => {
  const { stdout } = await promisify(execFile)(program, args, { cwd: projectRoot, env: environment });
  return stdout;
};

/** Resolves with what it printed. Thrown: an error with its stderr, where it ends with another code than 0. */
export const ucoder = (stack: ChaosStack, ...args: string[]): Promise<string> =>
  run(stack, process.execPath, ['--import', 'tsx', join(projectRoot, 'cli', 'main.ts'), ...args]);

export const temporal = async (stack: ChaosStack, ...args: string[]): Promise<string> =>
  run(stack, await temporalExecutable(), args);
