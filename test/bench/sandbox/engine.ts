/** The engine that a bench runs on: DOCKER_HOST, or the project's own, started for the while. */
import { join } from 'node:path';
import type Dockerode from 'dockerode';
import { readEnvironment } from '../../../infra/environment.ts';
import { install } from '../../../infra/install/install.ts';
import { installContext, logFileOf } from '../../../infra/install/install-context.ts';
import { withEngine } from '../../../infra/install/with-engine.ts';
import { projectRoot } from '../../../infra/paths.ts';

/** Installs what is missing: the engine and the sandbox image, for this clone's benches. */
export const withBenchEngine = async <Result>(
  work: (docker: Dockerode) => Promise<Result>,
): Promise<Result> => {
  const state = join(projectRoot, '.ucoder', 'bench');
  const variables = { ...process.env, UCODER_STATE: process.env.UCODER_STATE ?? state };
  const context = installContext(readEnvironment(variables), variables);
  const report = ({ part, activity }: { part: string; activity: string }) =>
    process.stderr.write(`  ${part}: ${activity}\n`);
  const { docker } = await install(['docker', 'sandbox-image'], report, context);
  if (!docker) throw new Error('No Docker engine was installed.');
  return withEngine(docker, logFileOf(context, 'docker'), work);
};
