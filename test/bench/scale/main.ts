/**
 * `npm run bench:scale`: what orchestration costs a problem as iterations grow, the wall time against a plain script
 * with the same stages, and how busy the model server was meanwhile. Everything runs in this process but the Temporal
 * server. `-- --quick`: 100 problems, and 12 compared; `-- 100 1000`: these sizes.
 */
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { startEnvironment } from '../../workflows/workflow-environment.ts';
import { runPlainScript } from './plain-script.ts';
import { runIteration } from './run-iteration.ts';
import { type SimulatedModel, simulatedModel } from './simulated-model.ts';
import { NONE, REALISTIC, simulatedStages } from './simulated-stages.ts';

const isQuick = process.argv.includes('--quick');
const asked = process.argv.slice(2).map(Number).filter(Number.isInteger);
const SIZES = asked.length > 0 ? asked : isQuick ? [100] : [100, 1_000, 5_000];
const COMPARED = isQuick ? 12 : 50;
const SLOTS = 8;

const configOf = (problems: number, name: string): CampaignConfig =>
  CampaignConfig.parse({ name, model: { base: 'simulated' }, problems: { count: problems } });

const say = (cells: readonly (string | number)[]): void => {
  process.stdout.write(`${cells.map((cell) => String(cell).padStart(12)).join('')}\n`);
};

const percent = (share: number): string => (100 * share).toFixed(1);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const environment = await startEnvironment();
try {
  say(['', 'a problem:', '', '', '', 'in its', 'iteration:', 'iteration:', '', '', 'RSS MiB:', '', '']);
  say([
    ...['problems', 'ms', 'CPU ms', 'events', 'bytes', 'events', 'bytes'],
    ...['runs', 'most events', 'most bytes', 'early', 'late', 'cached'],
  ]);
  const perProblem: { ms: number; cpuMs: number; events: number; bytes: number }[] = [];
  for (const problems of SIZES) {
    const config = configOf(problems, `scale-${problems}`);
    const cost = await runIteration(
      environment,
      config,
      simulatedStages(config, simulatedModel(SLOTS), NONE),
    );
    const { runs, memory } = cost;
    const [events, bytes] = [runs.map((run) => run.events), runs.map((run) => run.bytes)];
    const inIteration = { events: sum(events) / problems, bytes: sum(bytes) / problems };
    const [ms, cpuMs] = [cost.wallMs / problems, cost.cpuMs / problems];
    perProblem.push({
      ...{ ms, cpuMs },
      events: cost.problem.events + inIteration.events,
      bytes: cost.problem.bytes + inIteration.bytes,
    });
    say([
      ...[problems, ms.toFixed(1), cpuMs.toFixed(1), cost.problem.events, cost.problem.bytes],
      ...[inIteration.events.toFixed(1), Math.round(inIteration.bytes)],
      ...[runs.length, Math.max(...events), Math.max(...bytes)],
      ...[Math.round(memory.early), Math.round(memory.late), cost.mostCached],
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
  const plainMs = await runPlainScript(simulatedStages(config, plain, REALISTIC), config);
  const temporal = simulatedModel(SLOTS);
  const { wallMs } = await runIteration(environment, config, simulatedStages(config, temporal, REALISTIC));
  process.stdout.write(`${COMPARED} problems at realistic latency, ${SLOTS} slots\n`);
  say(['', 'wall s', 'busy %', 'steady %', 's before', 's after']);
  const row = (name: string, ms: number, model: SimulatedModel): void => {
    const { whole, steady, beforeMs, afterMs } = model.busyShare();
    const seconds = [ms, beforeMs, afterMs].map((value) => (value / 1000).toFixed(1));
    say([name, seconds[0] ?? '', percent(whole), percent(steady), ...seconds.slice(1)]);
  };
  row('plain', plainMs, plain);
  row('Temporal', wallMs, temporal);
  process.stdout.write(`wall time ${(wallMs / plainMs).toFixed(3)} of the plain script's (goal 1.05)\n`);
} finally {
  await environment.teardown();
}
