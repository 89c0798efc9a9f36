/** What `limits.earlyExit` spares: test runs with it, of those without it, over the same candidates. */
import { markdownTable } from '../../../core/report/markdown-table.ts';
import { type Deed, execute, type Program } from '../../core/execution/simulated-runner.ts';
import { type PopulationModel, STRONGER_MODEL, VARIATIONS } from './population-model.ts';
import { readRecordedSet } from './recorded-set.ts';
import { type JudgedProblem, simulateProblem } from './simulate-problem.ts';

const PROBLEMS = 200;
const MIN_RELIABILITY = 0.8;

/** More errors than in any other variation: there most is spared. */
const OFTEN_RAISING: PopulationModel = { ...(VARIATIONS['weak model'] ?? STRONGER_MODEL), raises: 0.6 };

export const earlyExitTable = (): string => {
  const populations: Record<string, readonly Pick<JudgedProblem, 'matrix'>[]> = {
    'HumanEval, recorded': readRecordedSet(),
    ...Object.fromEntries(Object.entries(VARIATIONS).map(([name, model]) => [name, simulated(model)])),
    'weak model, 0.6 of the wrong answers raise': simulated(OFTEN_RAISING),
  };
  const rows = Object.entries(populations).map(([name, problems]) => {
    let [all, some] = [0, 0];
    for (const { matrix } of problems) {
      const programs = programsOf(matrix);
      all += execute(programs).runs;
      some += execute(programs, MIN_RELIABILITY).runs;
    }
    return [name, String(all), `${((100 * some) / all).toFixed(1)} %`];
  });
  return markdownTable(['candidates', 'test runs', 'with earlyExit'], rows);
};

const simulated = (model: PopulationModel): JudgedProblem[] =>
  Array.from({ length: PROBLEMS }, (_, index) => simulateProblem(model, 1, index));

/** Each candidate as a program of its own: what equal ones share is spared without it, too. */
const programsOf = ({ candidates }: JudgedProblem['matrix']): Program[] =>
  candidates.map(({ outcomes, outputs }) =>
    outcomes.map((outcome, test): Deed => {
      if (outcome === 'timeout') return { does: 'timeout', cpuMs: 0 };
      if (outcome !== 'pass' && outcome !== 'fail') return { does: 'error', cpuMs: 1 };
      return { does: outcome === 'pass' ? 1 : 2 + (outputs?.[test]?.length ?? 0), cpuMs: 1 };
    }),
  );
