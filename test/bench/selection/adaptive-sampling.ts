/** Adaptive sampling against its rivals on runs of 128 with known winners, each rival at its own mean budget. */
import { markdownTable } from '../../../core/report/markdown-table.ts';
import { pairedBootstrap } from '../../../core/statistics/bootstrap.ts';
import {
  OurRule,
  type RecordedRun,
  RIVALS,
  recordedRuns,
  replay,
  runsOfTheBaseModel,
  STRONG_RUNS,
  WEAK_RUNS,
} from '../../core/sampling/stopping-rules.ts';

/** Those of `candidates.adaptive` with chunks of 16. */
const LOOKS = [16, 32, 48, 64, 96];
const RISKS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3];

/** Seeds 1 to 4 were looked at while the rule was made; 11 to 13 were not. The base model’s runs were. */
const populations = (): Record<string, RecordedRun[]> => ({
  'stronger model': recordedRuns(STRONG_RUNS, 600, 11),
  'weak model': [...recordedRuns(WEAK_RUNS, 400, 12), ...recordedRuns(WEAK_RUNS, 400, 13)],
  'base model, recorded': runsOfTheBaseModel(),
});

const percent = (share: number): string => (100 * share).toFixed(1);

export const adaptiveSamplingTables = (): string => {
  const rules = Object.entries(populations()).map(([name, runs]) => ({
    name,
    runs,
    rule: new OurRule(runs, LOOKS),
  }));
  const byRisk = RISKS.map((risk) => [
    String(risk),
    ...rules.map(({ rule }) => {
      const { agreement, candidates } = rule.at(risk);
      return `${candidates.toFixed(1)}: ${percent(agreement)} %`;
    }),
  ]);
  const against = RIVALS.map(({ name, stops }) => [
    name,
    ...rules.map(({ runs, rule }) => {
      const rival = replay(runs, LOOKS, stops);
      const { mean, low, high } = pairedBootstrap(rival.agreed, rule.within(rival.candidates).agreed);
      const star = low > 0 || high < 0 ? ' *' : '';
      return `${rival.candidates.toFixed(1)}: ${percent(rival.agreement)}, ours ${signed(mean)} (${signed(low)} to ${signed(high)})${star}`;
    }),
  ]);
  const names = rules.map(({ name }) => name);
  return [
    'Mean candidates of 128, and problems with the winner of all 128:',
    '',
    markdownTable(['risk', ...names], byRisk),
    'Each rival’s candidates and winners in percent, and ours with as many candidates, minus the rival’s (95 %):',
    '',
    markdownTable(['rival', ...names], against),
  ].join('\n');
};

const signed = (share: number): string => `${share < 0 ? '−' : '+'}${percent(Math.abs(share))}`;
