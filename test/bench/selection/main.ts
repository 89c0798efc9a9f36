/**
 * `npm run bench:selection [-- --problems N] [--no-speed]`: how often each strategy chooses a right program, and
 * how fast. Not a test: it prints tables, and docs/selection.md quotes them with the date.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { adaptiveLooksTables } from './adaptive-looks.ts';
import { adaptiveSamplingTables } from './adaptive-sampling.ts';
import { adaptiveScoresTable } from './adaptive-scores.ts';
import { compareStrategies, type StrategyScore, scoreTable, variationTable } from './compare-strategies.ts';
import { earlyExitTable } from './early-exit.ts';
import { knownPopulationTable } from './known-population.ts';
import { type PopulationModel, VARIATIONS } from './population-model.ts';
import { type Half, halfOf, readRecordedSet } from './recorded-set.ts';
import { simulateProblem } from './simulate-problem.ts';
import { STREAM_STARTS, speedTable, stream } from './speed.ts';
import { curveTable, measureCurves, theoremSvg } from './theorem-plot.ts';

/** `dual-output` was developed on seeds 1 to 9; this one nobody looked at before the strategy was fixed. */
const REPORTED_SEED = 20_251_217;

const { values } = parseArgs({
  options: {
    problems: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(REPORTED_SEED) },
    half: { type: 'string', default: 'report' satisfies Half },
    /** Writes the theorem’s plot there: docs/selection-theorem.svg. */
    plot: { type: 'string' },
    speed: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const recorded = readRecordedSet().filter(({ matrix }) => halfOf(matrix.id) === values.half);
print(`\n## HumanEval, recorded: ${values.half} half, ${recorded.length} problems with a right candidate\n`);
print(scoreTable(compareStrategies(recorded)));

const simulated = (model: PopulationModel) =>
  Array.from({ length: Number(values.problems) }, (_, index) =>
    simulateProblem(model, Number(values.seed), index),
  );
const byPopulation: Record<string, StrategyScore[]> = {};
for (const [name, model] of Object.entries(VARIATIONS))
  byPopulation[name] = compareStrategies(simulated(model));
print(`\n## Simulated stronger model, seed ${values.seed}, ${values.problems} problems\n`);
print(scoreTable(byPopulation['stronger model'] ?? []));
print('\n## The same with one assumption made worse\n');
print(variationTable(byPopulation));

print('\n## Early exit\n');
print(earlyExitTable());

print('\n## Adaptive sampling\n');
print(adaptiveSamplingTables());
print('\nLooks, and the least share of a consensus, on the recorded runs:\n');
print(adaptiveLooksTables());
print('\nCandidates that a rule would need at 99 % of the winners, if it knew the recorded population:\n');
print(knownPopulationTable());
print('\nStrategies that score clusters, candidates and problems with the choice of all:\n');
print(adaptiveScoresTable());

const curves = measureCurves(200);
print('\n## The largest cluster, and where it is right (docs/selection.md)\n');
print(curveTable(curves));
if (values.plot !== undefined) await writeFile(values.plot, theoremSvg(curves));

if (values.speed) {
  print('\n## Speed (CPU time)\n');
  // First: what the table keeps in memory would be the collector’s work here.
  for (const [candidates, tests] of [
    [128, 100],
    [32, 20],
  ] as const) {
    for (const start of STREAM_STARTS) {
      const { problems, seconds, heapGrowthMb } = stream(start, 100_000, candidates, tests);
      print(
        `${problems} problems of ${candidates} × ${tests} streamed from ${start}: ${seconds.toFixed(1)} s, heap ${heapGrowthMb.toFixed(1)} MiB more than after a tenth`,
      );
    }
  }
  print('');
  print(speedTable());
}
