/**
 * `npm run bench:scale [-- --quick]`: what orchestration costs a problem as iterations grow, the wall time against a
 * plain script with the same stages, and how busy the model server was meanwhile. Everything runs in this process
 * but the Temporal server. `--quick`: 100 problems, and 12 compared.
 */
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { startEnvironment } from '../../workflows/workflow-environment.ts';
import { runPlainScript } from './plain-script.ts';
import { runIteration } from './run-iteration.ts';
import { type SimulatedModel, simulatedModel } from './simulated-model.ts';
import { NONE, REALISTIC, simulatedStages } from './simulated-stages.ts';

const isQuick = process.argv.includes('--quick');
const SIZES = isQuick ? [100] : [100, 1_000, 5_000];
const COMPARED = isQuick ? 12 : 50;
const SLOTS = 8;

const configOf = (problems: number, name: string): CampaignConfig =>
  CampaignConfig.parse({
    name,
    model: { base: 'simulated' },
    problems: { count: problems, batch: 256, maxProposals: 100_000 },
    concurrency: { problems: 16 },
  });

const say = (cells: readonly (string | number)[]): void => {
  process.stdout.write(`${cells.map((cell) => String(cell).padStart(12)).join('')}\n`);
};

const percent = (share: number): string => (100 * share).toFixed(1);

const environment = await startEnvironment();
try {
  say(['', 'a problem:', '', '', '', 'in its', 'iteration:', 'iteration:', '', '', 'RSS MiB:']);
  say([
    ...['problems', 'ms', 'CPU ms', 'events', 'bytes', 'events', 'bytes'],
    ...['runs', 'most events', 'most bytes', 'early', 'late'],
  ]);
  const perProblem: { ms: number; cpuMs: number; events: number; bytes: number }[] = [];
  for (const problems of SIZES) {
    const stages = simulatedStages(problems, simulatedModel(SLOTS), NONE);
    const cost = await runIteration(environment, configOf(problems, `scale-${problems}`), stages);
    const ms = cost.wallMs / problems;
    perProblem.push({
      ms,
      cpuMs: cost.cpuMs / problems,
      events: cost.events + cost.parentEvents,
      bytes: cost.bytes + cost.parentBytes,
    });
    say([
      ...[problems, ms.toFixed(1), (cost.cpuMs / problems).toFixed(1), cost.events, cost.bytes],
      ...[cost.parentEvents.toFixed(1), Math.round(cost.parentBytes)],
      ...[cost.runs, cost.mostEvents, cost.mostBytes],
      ...[Math.round(cost.memory.early), Math.round(cost.memory.late)],
    ]);
  }
  const growth = (of: 'ms' | 'cpuMs' | 'events' | 'bytes'): string =>
    ((perProblem.at(-1)?.[of] ?? 0) / (perProblem[0]?.[of] ?? 1)).toFixed(2);
  process.stdout.write(
    `growth a problem from the first size to the last (linear: 1): ` +
      `ms ${growth('ms')}, CPU ms ${growth('cpuMs')}, events ${growth('events')}, bytes ${growth('bytes')}\n\n`,
  );

  const config = configOf(COMPARED, 'compared');
  const plain = simulatedModel(SLOTS);
  const plainMs = await runPlainScript(simulatedStages(COMPARED, plain, REALISTIC), config);
  const temporal = simulatedModel(SLOTS);
  const { wallMs } = await runIteration(environment, config, simulatedStages(COMPARED, temporal, REALISTIC));
  process.stdout.write(`${COMPARED} problems at realistic latency, ${SLOTS} slots\n`);
  say(['', 'wall s', 'busy %', 'steady %']);
  const row = (name: string, ms: number, model: SimulatedModel): void => {
    const { whole, steady } = model.busyShare();
    say([name, (ms / 1000).toFixed(1), percent(whole), percent(steady)]);
  };
  row('plain', plainMs, plain);
  row('Temporal', wallMs, temporal);
  process.stdout.write(`wall time ${(wallMs / plainMs).toFixed(3)} of the plain script's (goal 1.05)\n`);
} finally {
  await environment.teardown();
}
