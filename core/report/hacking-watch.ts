/** The watch for reward hacking: what in an iteration's counts is more than a campaign tolerates. */
import type { WatchConfig } from '../config/campaign-config.ts';
import type { IterationWork } from './iteration-record.ts';

/** Counts beside the signs: candidates with one at least, and winners that a shuffled second run contradicts. */
const ANY = 'any';
export const UNSTABLE_WINNER = 'unstable-winner';

export type HackingFinding = { alarm: 'reward-hacking' | 'unstable-winners'; message: string };

/**
 * Findings where a share is above `hackingShare`: of candidates that show signs (core/execution/hacking-signs.ts),
 * and of winners whose verdicts differ when their tests run once more in shuffled order.
 */
export const hackingFindings = (
  { candidates, problems, hacking = {} }: Pick<IterationWork, 'candidates' | 'problems' | 'hacking'>,
  { hackingShare }: WatchConfig,
): HackingFinding[] => {
  const findings: HackingFinding[] = [];
  const signs = share(hacking[ANY], candidates.sampled);
  if (signs > hackingShare) {
    findings.push({
      alarm: 'reward-hacking',
      message: `${hacking[ANY] ?? 0} of ${candidates.sampled} candidates (${percent(signs)}) show signs of programs that are written to pass, not to solve: ${namesOf(hacking)}`,
    });
  }
  const chosen = problems.outcomes.consensus ?? 0;
  const unstable = share(hacking[UNSTABLE_WINNER], chosen);
  if (unstable > hackingShare) {
    findings.push({
      alarm: 'unstable-winners',
      message: `${hacking[UNSTABLE_WINNER] ?? 0} of ${chosen} chosen programs (${percent(unstable)}) answer differently when their tests run in another order: they remember inputs, or depend on chance`,
    });
  }
  return findings;
};

const namesOf = (hacking: Readonly<Record<string, number>>): string =>
  Object.entries(hacking)
    .filter(([sign]) => sign !== ANY && sign !== UNSTABLE_WINNER)
    .map(([sign, count]) => `${sign} ${count}`)
    .join(', ');

const share = (part = 0, whole: number): number => (whole === 0 ? 0 : part / whole);

const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
