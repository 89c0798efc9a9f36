/** What every installer is created from. */
import { join } from 'node:path';
import { type Environment, inheritedVariables, readEnvironment } from '../environment.ts';
import { type Paths, pathsFor } from '../paths.ts';
import type { PartName } from './part.ts';

export type InstallContext = Readonly<{
  paths: Paths;
  environment: Environment;
  /** The inherited variables: PATH, and the mirrors and certificates that package clients take from there. */
  variables: NodeJS.ProcessEnv;
}>;

export const installContext = (
  environment: Environment = readEnvironment(),
  variables: NodeJS.ProcessEnv = inheritedVariables(),
): InstallContext => ({ paths: pathsFor(environment), environment, variables });

export const searchPathOf = (context: InstallContext): string => context.variables.PATH ?? '';

export const logFileOf = (context: InstallContext, part: PartName): string =>
  join(context.paths.cache, 'logs', `${part}.log`);
