/**
 * `npm run bench:scale [-- --quick]`: what orchestration costs a problem as iterations grow, the wall time against a
 * plain script with the same stages, and how busy the model server was meanwhile.
 */
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { startEnvironment } from '../../workflows/workflow-environment.ts';
import { runPlainScript } from './plain-script.ts';
import { runIteration } from './run-iteration.ts';
import { simulatedModel } from './simulated-model.ts';
import { NONE, REALISTIC, simulatedStages } from './simulated-stages.ts';

const SIZES = process.argv.includes('--quick') ? [100, 500] : [100, 1_000, 5_000];
const COMPARED = 50;
const SLOTS = 8;

const configOf = (problems: number, name: string): CampaignConfig =>
  CampaignConfig.parse({
    name,
    model: { base: 'simulated' },
    problems: { count: problems, batch: 256, maxProposals: 100_000 },
    concurrency: { problems: 16 },
  });

const say = (cells: readonly (string | number)[]): void => {
  process.stdout.write(`${cells.map((cell) => String(cell).padStart(13)).join('')}\n`);
};

const environment = await startEnvironment();
try {
  say([
    'problems',
    'events',
    'bytes',
    'iteration ev.',
    'iteration B',
    'longest run',
    'runs',
    'ms/problem',
    'RSS MiB',
  ]);
  const costs: number[] = [];
  for (const problems of SIZES) {
    const stages = simulatedStages(problems, simulatedModel(SLOTS), NONE);
    const cost = await runIteration(environment, configOf(problems, `scale-${problems}`), stages);
    const ms = cost.wallMs / problems;
    costs.push(ms);
    say([
      ...[problems, cost.events, cost.bytes, cost.parentEvents.toFixed(1), Math.round(cost.parentBytes)],
      ...[cost.longestRun, cost.runs, ms.toFixed(1)],
      Math.round(process.memoryUsage().rss / 1024 / 1024),
    ]);
  }
  const growth = (costs.at(-1) ?? 0) / (costs[0] ?? 1);
  process.stdout.write(
    `growth of ms a problem from the first size to the last: ${growth.toFixed(2)} (linear: 1)\n\n`,
  );

  const config = configOf(COMPARED, 'compared');
  const plain = simulatedModel(SLOTS);
  const plainMs = await runPlainScript(simulatedStages(COMPARED, plain, REALISTIC), config);
  const temporal = simulatedModel(SLOTS);
  const { wallMs } = await runIteration(environment, config, simulatedStages(COMPARED, temporal, REALISTIC));
  say(['', 'wall s', 'slots busy %']);
  say(['plain', (plainMs / 1000).toFixed(1), (100 * plain.busyShare()).toFixed(1)]);
  say(['Temporal', (wallMs / 1000).toFixed(1), (100 * temporal.busyShare()).toFixed(1)]);
  process.stdout.write(`ratio ${(wallMs / plainMs).toFixed(3)} (goal 1.05)\n`);
} finally {
  await environment.teardown();
}
