/** pass@1 by iteration, against the base and the best. */
import { markdownTable, plain } from './markdown-table.ts';
import type { CampaignReport, ReportedIteration } from './report.ts';

type ReportedScore = NonNullable<ReportedIteration['validation']>;

const HEAD = ['iteration', 'pass@1', 'passed', '95 % interval', 'vs base', 'vs best', 'gained', 'lost', 'p'];

export const scoreSections = ({ iterations, best, validation }: CampaignReport): string[] => {
  const benchmarks = [...new Set(iterations.flatMap(({ evaluation }) => evaluation.map(({ set }) => set)))];
  const sections = [
    `## pass@1 on ${plain(validation)} (validation: decides)`,
    scoreTable(iterations, best.n, ({ validation: score }) => score),
  ];
  for (const benchmark of benchmarks) {
    sections.push(
      `## pass@1 on ${plain(benchmark)} (evaluation: only reported)`,
      scoreTable(iterations, best.n, ({ evaluation }) => evaluation.find(({ set }) => set === benchmark)),
    );
  }
  return sections;
};

const scoreTable = (
  iterations: readonly ReportedIteration[],
  best: number,
  scoreOf: (iteration: ReportedIteration) => ReportedScore | undefined,
): string => {
  const base = iterations.find(({ n }) => n === 0);
  const baseScore = base && scoreOf(base);
  const bestIteration = iterations.find(({ n }) => n === best);
  const bestScore = bestIteration && scoreOf(bestIteration);
  const rows = iterations.map((iteration) => {
    const score = scoreOf(iteration);
    const [isBase, isBest] = [iteration.n === 0, iteration.n === best];
    const name = `${iteration.n}${isBase ? ' (base)' : ''}${isBest ? ' (best)' : ''}${iteration.givenUp ? ' (given up)' : ''}`;
    const [againstBase, againstBest] = [
      isBase ? undefined : asked(baseScore),
      isBest ? undefined : asked(bestScore),
    ];
    return score ? [name, ...scoreCells(score, againstBase, againstBest)] : [name, '-'];
  });
  return markdownTable(HEAD, rows);
};

const scoreCells = (
  score: ReportedScore,
  base: ReportedScore | undefined,
  best: ReportedScore | undefined,
): string[] => {
  const { againstBase } = score;
  if (score.total === 0) return ['-', '0 of 0'];
  return [
    percent(score.passAt1),
    `${score.passed} of ${score.total}`,
    `${percent(score.low)} to ${percent(score.high)}`,
    base ? signed((score.passAt1 - base.passAt1) * 100) : '',
    best ? signed((score.passAt1 - best.passAt1) * 100) : '',
    againstBase ? String(againstBase.gained) : '',
    againstBase ? String(againstBase.lost) : '',
    againstBase ? againstBase.p.toFixed(3) : '',
  ];
};

/** Without a question there is nothing to be better than. */
const asked = (score: ReportedScore | undefined): ReportedScore | undefined =>
  score && score.total > 0 ? score : undefined;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const signed = (points: number): string =>
  `${points > 0 ? '+' : points < 0 ? '−' : '±'}${Math.abs(points).toFixed(1)}`;
