/** `npm run chaos:random [-- --seed N] [--runs N]`: fifty random kills, or those that begin with a seed. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { seed: { type: 'string' }, runs: { type: 'string' } } });
const runs = values.runs ?? (values.seed === undefined ? '50' : '1');
const { status } = spawnSync(
  'npx',
  ['--no-install', 'vitest', 'run', '--project', 'chaos-all', 'test/chaos/random-kills'],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      CHAOS_RUNS: runs,
      ...(values.seed === undefined ? {} : { CHAOS_SEED: values.seed }),
    },
  },
);
process.exitCode = status ?? 1;
