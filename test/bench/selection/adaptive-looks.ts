/** On the recorded runs: what finer looks spare and cost, and what a least share of a consensus spares. */
import { markdownTable } from '../../../core/report/markdown-table.ts';
import { stopReason } from '../../../core/sampling/stop-sampling.ts';
import { leastCount } from '../../../core/statistics/least-count.ts';
import {
  type RecordedRun,
  RUN_LENGTH,
  runsOfTheBaseModel,
  sizesOf,
} from '../../core/sampling/stopping-rules.ts';

const HALFWAY = [16, 32, 48, 64, 96];
const every = (step: number): number[] =>
  Array.from({ length: RUN_LENGTH / step }, (_, index) => step * (index + 1)).filter(
    (look) => look >= 16 && look < RUN_LENGTH,
  );
const SCHEDULES: Readonly<Record<string, readonly number[]>> = {
  '16, 32, 48, 64, 96': HALFWAY,
  'every 16': every(16),
  'every 8 from 16': every(8),
  'every 4 from 16': every(4),
};
const RISKS = [0.01, 0.02, 0.03, 0.05];
const LEAST_SIZE = 2;

type Rule = { looks: readonly number[]; risk: number; minShare: number };

const winnerAt = (run: RecordedRun, sampled: number, minShare: number): number | null => {
  let winner: number | null = null;
  let size = Math.max(LEAST_SIZE, leastCount(minShare, sampled)) - 1;
  for (const [cluster, members] of sizesOf(run, sampled))
    if (members > size) [winner, size] = [cluster, members];
  return winner;
};

const replayed = (runs: readonly RecordedRun[], { looks, risk, minShare }: Rule) => {
  let [candidates, rounds, most, same] = [0, 0, 0, 0];
  for (const run of runs) {
    const stop = looks.findIndex((sampled) => {
      const sizes = [...sizesOf(run, sampled).values()];
      const rule = { risk, minShare, minClusterSize: LEAST_SIZE };
      return stopReason({ sizes, sampled, total: RUN_LENGTH }, rule) !== undefined;
    });
    const end = looks[stop] ?? RUN_LENGTH;
    const needed = stop < 0 ? looks.length + 1 : stop + 1;
    candidates += end;
    rounds += needed;
    most = Math.max(most, needed);
    if (winnerAt(run, end, minShare) === winnerAt(run, RUN_LENGTH, minShare)) same += 1;
  }
  const { length } = runs;
  return { candidates: candidates / length, rounds: rounds / length, most, same: same / length };
};

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export const adaptiveLooksTables = (): string => {
  const runs = runsOfTheBaseModel();
  const looks = Object.entries(SCHEDULES).map(([name, schedule]) => [
    name,
    ...RISKS.map((risk) => {
      const { candidates, rounds, most, same } = replayed(runs, { looks: schedule, risk, minShare: 0 });
      return `${candidates.toFixed(1)}: ${percent(same)}, ${rounds.toFixed(1)} rounds, ${most} at most`;
    }),
  ]);
  const shares = [0, 0.05, 0.1, 0.2].map((minShare) => [
    String(minShare),
    ...RISKS.map((risk) => {
      const { candidates, same } = replayed(runs, { looks: HALFWAY, risk, minShare });
      return `${candidates.toFixed(1)}: ${percent(same)}`;
    }),
  ]);
  const risks = RISKS.map((risk) => `risk ${risk}`);
  return [markdownTable(['looks', ...risks], looks), markdownTable(['minShare', ...risks], shares)].join(
    '\n',
  );
};
