/**
 * Signs that the loop feeds on itself: agreement that grows while skill does not, programs that collapse to one
 * text, programs that attack the runner, a judge that tells nothing apart. An alarm stops nothing by itself; `watch.stop` ends a campaign on those of reward hacking.
 */
import { z } from 'zod';
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

/** Rise of the mean share of chosen clusters that counts while validation falls. */
const SHARE_RISE = 0.05;
/** Share of candidates that repeat another one’s text. */
const IDENTICAL_TEXTS = 0.5;
/** Share of decided problems whose chosen cluster, of three members or more, is one text. */
const ONE_TEXT = 0.5;
/** Share of verdicts that are crash: sys.exit, os._exit, writing to the runner’s channel. */
const CRASHES = 0.05;

export const findAlarms = (records: readonly IterationRecord[], watch: WatchConfig): Alarm[] =>
  records.flatMap((record) => {
    const earlier = records.filter(({ n }) => n < record.n);
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
  const before = earlier.findLast((other) => other.work && other.validation);
  if (!work || !validation || !before?.work || !before.validation) return [];
  const rise = meanShare(work) - meanShare(before.work);
  const fall = before.validation.score.passAt1 - validation.score.passAt1;
  if (rise < SHARE_RISE || fall <= 0) return [];
  return [
    {
      iteration: n,
      alarm: 'agreement-without-skill',
      message: `the mean share of chosen clusters rose by ${rise.toFixed(2)} while validation fell by ${fall.toFixed(3)}`,
    },
  ];
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
  if (judge && judge.low <= 0.5 && judge.high >= 0.5) {
    alarms.push({
      iteration,
      alarm: 'judge-blind',
      message: `the judge’s AUC on planted problems, ${judge.auc.toFixed(2)}, may be that of a coin (${judge.low.toFixed(2)} to ${judge.high.toFixed(2)})`,
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

/** From the middle of each bin. */
const meanShare = ({ shareBins }: IterationWork): number => {
  const total = shareBins.reduce((sum, count) => sum + count, 0);
  const weighted = shareBins.reduce((sum, count, bin) => sum + count * (bin + 0.5) * 0.1, 0);
  return total === 0 ? 0 : weighted / total;
};

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
