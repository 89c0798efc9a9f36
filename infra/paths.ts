/** Where the project keeps what it installs (the user's cache folder) and what it runs (.ucoder/). */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';
import type { Environment } from './environment.ts';

export const projectRoot = resolve(fileURLToPath(new URL('..', import.meta.url)));

/** Absolute folders. `cache` is shared by all clones of one user; `state` belongs to this clone. */
export type Paths = ReturnType<typeof pathsFor>;

export const pathsFor = (environment: Environment) => {
  const state = resolve(environment.stateFolder ?? resolve(projectRoot, '.ucoder'));
  const cache = resolve(environment.cacheFolder ?? envPaths('ucoder', { suffix: '' }).cache);
  return {
    state,
    cache,
    /** Pid files, sockets and the desired state of services. */
    run: resolve(state, 'run'),
    logs: resolve(state, 'logs'),
    /** Data of the local Temporal, S3 and Docker servers. */
    data: resolve(state, 'data'),
    secrets: resolve(state, 'secrets'),
    /** Training jobs, one folder each. */
    jobs: resolve(state, 'jobs'),
    /** Checkpoints fetched from S3 to be served. */
    served: resolve(state, 'served'),
    binaries: resolve(cache, 'bin'),
    models: resolve(cache, 'models'),
    benchmarks: resolve(cache, 'benchmarks'),
  };
};
