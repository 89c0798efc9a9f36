/**
 * Signs that the loop feeds on itself: agreement that grows while skill does not, programs that collapse to one
 * text, programs that attack the runner, a judge that tells nothing apart. An alarm stops nothing by itself; `watch.stop` ends a campaign on those of reward hacking.
 */
import { z } from 'zod';
import { isGivenUp, type Rollback } from '../campaign/rollback.ts';
import type { WatchConfig } from '../config/campaign-config.ts';
import { hackingFindings } from './hacking-watch.ts';
import type { IterationRecord, IterationWork } from './iteration-record.ts';

export const ALARMS = [
  'agreement-without-skill',
  'validation-without-benchmark',
  'collapse',
  'one-text-clusters',
  'hostile-programs',
  'reward-hacking',
  'unstable-winners',
  'judge-blind',
] as const;

export const Alarm = z.object({
  iteration: z.int().min(0),
  alarm: z.enum(ALARMS),
  message: z.string(),
});
export type Alarm = z.infer<typeof Alarm>;

/** Share of candidates that repeat another one’s text. */
const IDENTICAL_TEXTS = 0.5;
/** Share of decided problems whose chosen cluster, of three members or more, is one text. */
const ONE_TEXT = 0.5;
/** Share of verdicts that are crash: sys.exit, os._exit, writing to the runner’s channel. */
const CRASHES = 0.05;

/** Later iterations are compared with none that was given up: they did not begin from it. */
export const findAlarms = (
  records: readonly IterationRecord[],
  watch: WatchConfig,
  rollback?: Rollback | null,
): Alarm[] =>
  records.flatMap((record) => {
    const isBefore = ({ n }: IterationRecord): boolean =>
      n < record.n && (isGivenUp(rollback, record.n) || !isGivenUp(rollback, n));
    const earlier = records.filter(isBefore);
    return [
      ...agreementWithoutSkill(record, earlier),
      ...validationWithoutBenchmark(record),
      ...(record.work ? alarmsOfWork(record.n, record.work, watch) : []),
    ];
  });

const agreementWithoutSkill = (
  { n, work, validation }: IterationRecord,
  earlier: readonly IterationRecord[],
): Alarm[] => {
  const share = work && chosenShare(work);
  if (!share || !validation || validation.score.total === 0) return [];
  // The last that chose something and was validated: of nothing there is no share to rise from.
  for (const before of earlier.toReversed()) {
    const shareBefore = before.work && chosenShare(before.work);
    if (!shareBefore || !before.validation || before.validation.score.total === 0) continue;
    const fall = before.validation.score.passAt1 - validation.score.passAt1;
    if (!hasRisen(shareBefore, share) || fall <= 0) return [];
    const rise = meanOf(share) - meanOf(shareBefore);
    const message = `the mean share of chosen clusters rose by ${rise.toFixed(2)} while validation fell by ${fall.toFixed(3)}`;
    return [{ iteration: n, alarm: 'agreement-without-skill', message }];
  }
  return [];
};

/** More questions of its own making gained than lost, and the opposite on somebody else’s. */
const validationWithoutBenchmark = ({ n, validation, evaluation }: IterationRecord): Alarm[] => {
  const own = validation?.score.againstBase;
  if (!own || own.gained <= own.lost) return [];
  return evaluation.flatMap(({ set, score }): Alarm[] => {
    const other = score.againstBase;
    if (!other || other.lost <= other.gained) return [];
    return [
      {
        iteration: n,
        alarm: 'validation-without-benchmark',
        message: `validation gained ${own.gained} and lost ${own.lost}, but ${set} gained ${other.gained} and lost ${other.lost}`,
      },
    ];
  });
};

const alarmsOfWork = (iteration: number, work: IterationWork, watch: WatchConfig): Alarm[] => {
  const { candidates, verdicts, judge } = work;
  const alarms: Alarm[] = [...oneTextClusters(iteration, work)];
  const identical = candidates.sampled === 0 ? 0 : candidates.identicalTexts / candidates.sampled;
  if (identical >= IDENTICAL_TEXTS) {
    alarms.push({
      iteration,
      alarm: 'collapse',
      message: `${percent(identical)} of the candidates repeat another one’s text; raise candidates.temperature`,
    });
  }
  const pairs = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
  const crashes = pairs === 0 ? 0 : (verdicts.crash ?? 0) / pairs;
  if (crashes >= CRASHES) {
    alarms.push({
      iteration,
      alarm: 'hostile-programs',
      message: `${percent(crashes)} of the verdicts are crash: programs end their process or write to the runner`,
    });
  }
  alarms.push(...hackingFindings(work, watch).map((finding) => ({ iteration, ...finding })));
  if (judge && judge.low <= 0.5) {
    const interval = `${judge.low.toFixed(2)} to ${judge.high.toFixed(2)}`;
    alarms.push({
      iteration,
      alarm: 'judge-blind',
      message: `the judge’s AUC on planted problems, ${judge.auc.toFixed(2)}, ${judge.high < 0.5 ? 'is worse than' : 'may be'} that of a coin (${interval})`,
    });
  }
  return alarms;
};

const oneTextClusters = (iteration: number, { consensus }: IterationWork): Alarm[] => {
  const share = consensus?.decided ? consensus.oneTextClusters / consensus.decided : 0;
  if (share < ONE_TEXT) return [];
  return [
    {
      iteration,
      alarm: 'one-text-clusters',
      message: `${percent(share)} of the chosen clusters are one text repeated: they agree with themselves only`,
    },
  ];
};

/** Of the clusters chosen, the sum of their shares in twentieths, each from the middle of its bin of a tenth. */
type ChosenShare = { clusters: number; twentieths: number };

/** Undefined where nothing was chosen. */
const chosenShare = ({ shareBins }: IterationWork): ChosenShare | undefined => {
  const clusters = shareBins.reduce((sum, count) => sum + count, 0);
  const twentieths = shareBins.reduce((sum, count, bin) => sum + count * (2 * bin + 1), 0);
  return clusters === 0 ? undefined : { clusters, twentieths };
};

const meanOf = ({ clusters, twentieths }: ChosenShare): number => twentieths / clusters / 20;

/** By a twentieth, 0.05, or more on the mean; in whole numbers, so that no rounding decides. */
const hasRisen = (before: ChosenShare, now: ChosenShare): boolean =>
  now.twentieths * before.clusters - before.twentieths * now.clusters >= now.clusters * before.clusters;

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
