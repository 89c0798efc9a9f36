/** What each iteration made and cost: one column an iteration. */
import type { DiversityMeasure } from '../selection/diversity.ts';
import { markdownTable, plain } from './markdown-table.ts';
import type { CampaignReport, ReportedIteration } from './report.ts';

type Cell = number | string | null | undefined;
type Measure = readonly [string, (iteration: ReportedIteration) => Cell];

/** A terminal of 100 columns holds this many iterations beside their names. */
const COLUMNS = 8;

export const workSections = ({ iterations }: CampaignReport): string[] => {
  const made = iterations.filter(({ problems }) => problems !== undefined);
  const sections: string[] = [];
  const add = (title: string, shown: readonly ReportedIteration[], measures: readonly Measure[]) => {
    const tables = pagesOf(shown, measures);
    if (tables.length > 0) sections.push(`## ${title}`, ...tables);
  };
  add('What each iteration made', made, MADE);
  add(
    'Verdicts (candidate × test)',
    made,
    keysOf(made, ({ verdicts }) => verdicts),
  );
  add(
    'Candidates with signs of reward hacking',
    made,
    keysOf(made, ({ hackingSigns }) => hackingSigns),
  );
  add(
    'Accepted problems by how they ended',
    made,
    keysOf(made, ({ problemOutcomes }) => problemOutcomes),
  );
  add(
    'Discarded problems',
    made,
    keysOf(made, ({ discardedProblems }) => discardedProblems),
  );
  add(
    'Discarded candidates',
    made,
    keysOf(made, ({ discardedCandidates }) => discardedCandidates),
  );
  add(
    'Dropped tests',
    made,
    keysOf(made, ({ droppedTests }) => droppedTests),
  );
  add(
    'Problems by the share of their chosen cluster',
    made,
    binsOf(({ clusterShares }) => clusterShares),
  );
  add('Health of the consensus', made, HEALTH);
  add('Diversity of the programs', made, DIVERSITY);
  add('The tests, judged by the candidates', made, TEST_WORTH);
  add(
    'Refused clusters, by rule',
    made,
    keysOf(made, ({ consensus }) => consensus?.refusedClusters),
  );
  add(
    'Vetoed candidates, by signal',
    made,
    keysOf(made, ({ consensus }) => consensus?.vetoedCandidates),
  );
  add(
    'Not evaluated, by rule (clusters) or signal (candidates)',
    made,
    keysOf(made, ({ consensus }) => consensus?.notEvaluated),
  );
  add(
    'Problems by the judge’s score',
    made,
    binsOf(({ judgeScores }) => judgeScores),
  );
  add(
    'Seconds by stage',
    iterations,
    keysOf(iterations, ({ seconds }) => seconds),
  );
  add(
    'Tokens by stage',
    iterations,
    keysOf(iterations, ({ tokensByStage }) => tokensByStage),
  );
  const untrained = iterations.flatMap(({ n, untrained: why }) =>
    why === undefined ? [] : [`Iteration ${n} trained nothing: ${plain(why, 200)}.`],
  );
  return [...sections, ...untrained];
};

const MADE: readonly Measure[] = [
  ['sampled from', ({ sampledFrom }) => sampledFrom],
  ['problems proposed', ({ problems }) => problems?.proposed],
  ['problems accepted', ({ problems }) => problems?.accepted],
  ['with consensus', ({ problems }) => problems?.withConsensus],
  ['decided by a person', ({ review }) => review?.byPerson],
  ['nobody decided in time', ({ review }) => review?.byDefault],
  ['doubtful, not asked about', ({ review }) => review?.unasked],
  ['rejected in review', ({ review }) => review?.rejected],
  ['replaced in review', ({ review }) => review?.replaced],
  ['winners not run again', ({ uncheckedWinners }) => uncheckedWinners],
  ['tests written', ({ testsWritten }) => testsWritten],
  ['tests usable', ({ tests }) => tests],
  ['candidates', ({ candidates }) => candidates],
  ['candidates spared', ({ candidatesSpared }) => candidatesSpared],
  ['distinct programs run', ({ programsExecuted }) => programsExecuted],
  ['equal to one of an earlier round', ({ candidatesShared }) => candidatesShared],
  ['identical texts', ({ identicalTextShare }) => percent(identicalTextShare)],
  ['held out', ({ heldout }) => heldout],
  ['overlap a benchmark', ({ contaminatedPairs }) => contaminatedPairs],
  ['pairs in dataset', ({ pairs }) => pairs],
  ['training loss', ({ training }) => training?.loss?.toFixed(4)],
  ['optimiser steps', ({ training }) => training?.steps],
  ['log-probability before', ({ training }) => training?.fit?.before?.toFixed(3)],
  ['log-probability after', ({ training }) => training?.fit?.after?.toFixed(3)],
  ['judge’s AUC', ({ judge }) => judge?.auc.toFixed(2)],
  ['AUC interval (95 %)', ({ judge }) => judge && `${judge.low.toFixed(2)} to ${judge.high.toFixed(2)}`],
];

/** Of these, that there was none is news. */
const TOLD_WHERE_ZERO = new Set(['problems accepted', 'with consensus', 'candidates', 'pairs in dataset']);

const HEALTH: readonly Measure[] = [
  ['largest cluster (mean share)', ({ consensus }) => percent(consensus?.largestShare)],
  ['margin to the second', ({ consensus }) => percent(consensus?.margin)],
  ['entropy, bits', ({ consensus }) => consensus?.entropyBits.toFixed(2)],
  ['degenerate tests', ({ consensus }) => percent(consensus?.degenerateTestRate)],
  ['flaky pairs', ({ consensus }) => percent(consensus?.flakyRate)],
  ['chosen clusters of one text', ({ consensus }) => consensus?.oneTextClusters],
];

const DIVERSITY: readonly Measure[] = [
  ['distinct trees, all candidates', ({ diversity }) => percent(diversity?.sampled.distinctShare)],
  ['distinct trees, chosen clusters', ({ diversity }) => percent(diversity?.agreeing.distinctShare)],
  ['distinct trees, dataset', ({ diversity }) => percent(shareOfTrees(diversity?.dataset))],
  ['lexical entropy, all candidates', ({ diversity }) => diversity?.sampled.entropyBits.toFixed(2)],
  ['lexical entropy, chosen clusters', ({ diversity }) => diversity?.agreeing.entropyBits.toFixed(2)],
  ['lexical entropy, dataset', ({ diversity }) => diversity?.dataset?.entropyBits.toFixed(2)],
  ['node types, all candidates', ({ diversity }) => diversity?.sampled.nodeTypes.toFixed(1)],
  ['node types, chosen clusters', ({ diversity }) => diversity?.agreeing.nodeTypes.toFixed(1)],
  ['node types, dataset', ({ diversity }) => diversity?.dataset?.nodeTypes],
];

const TEST_WORTH: readonly Measure[] = [
  ['kept', ({ consensus }) => consensus?.tests.kept],
  ['tell clusters apart', ({ consensus }) => consensus?.tests.informative],
  ['all pass', ({ consensus }) => consensus?.tests.allPass],
  ['none passes', ({ consensus }) => consensus?.tests.allFail],
  ['dropped', ({ consensus }) => consensus?.tests.dropped],
  ['dropped as flaky', ({ consensus }) => consensus?.tests.flaky],
  ['expected value contradicted', ({ consensus }) => consensus?.tests.contradicted],
];

/** One row for each key that any iteration has; the most frequent first. */
const keysOf = (
  iterations: readonly ReportedIteration[],
  countsOf: (iteration: ReportedIteration) => Record<string, number> | undefined,
): Measure[] => {
  const totals = new Map<string, number>();
  for (const iteration of iterations) {
    for (const [key, count] of Object.entries(countsOf(iteration) ?? {}))
      totals.set(key, (totals.get(key) ?? 0) + count);
  }
  return [...totals]
    .sort(([keyA, a], [keyB, b]) => b - a || (keyA < keyB ? -1 : 1))
    .map(([key]) => [plain(key, 40), (iteration) => countsOf(iteration)?.[key] ?? 0]);
};

/** One row for each tenth that holds something. */
const binsOf = (bins: (iteration: ReportedIteration) => readonly number[] | undefined): Measure[] =>
  Array.from({ length: 10 }, (_, bin) => [
    `${(bin / 10).toFixed(1)} to ${((bin + 1) / 10).toFixed(1)}`,
    (iteration) => bins(iteration)?.[bin],
  ]);

const pagesOf = (iterations: readonly ReportedIteration[], measures: readonly Measure[]): string[] => {
  const pages: string[] = [];
  for (let from = 0; from < iterations.length; from += COLUMNS) {
    const shown = iterations.slice(from, from + COLUMNS);
    const rows = measures
      .map(([name, measure]) => ({ name, cells: shown.map(measure) }))
      .filter(({ name, cells }) => cells.some((cell) => isTold(cell, TOLD_WHERE_ZERO.has(name))))
      .map(({ name, cells }) => [name, ...cells.map(text)]);
    if (rows.length > 0) pages.push(markdownTable(['iteration', ...shown.map(({ n }) => String(n))], rows));
  }
  return pages;
};

const isTold = (cell: Cell, evenZero: boolean): boolean =>
  cell !== undefined && cell !== null && (evenZero || cell !== 0);

const text = (cell: Cell): string => {
  if (cell === undefined || cell === null) return '-';
  if (typeof cell === 'string') return cell;
  return Number.isInteger(cell) ? String(cell) : cell.toFixed(1);
};

const shareOfTrees = (measure: DiversityMeasure | null | undefined): number | undefined =>
  measure && measure.parsed > 0 ? measure.trees / measure.parsed : undefined;

const percent = (share: number | undefined): string | undefined =>
  share === undefined ? undefined : `${(share * 100).toFixed(0)} %`;
