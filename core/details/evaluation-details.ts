/** An evaluation’s page in the Temporal UI, as Markdown. */
import type { Score } from '../evaluation/score.ts';
import { timeLeftLine, unitsText } from './detail-lines.ts';

export type EvaluationDetails = {
  stage: string;
  done: number;
  total: number;
  msLeft: number | null;
  paused: boolean;
  /** At the end. */
  score?: Score | undefined;
  /** Epoch milliseconds. */
  now: number;
};

export const evaluationDetails = ({
  stage,
  done,
  total,
  msLeft,
  paused,
  score,
  now,
}: EvaluationDetails): string =>
  [
    `**${paused ? `${stage}, paused` : stage}**${unitsText(done, total)} questions answered`,
    ...(paused || score ? [] : timeLeftLine([{ ms: msLeft, where: `of ${stage}` }], now)),
    ...(score
      ? [`- pass@1 ${(score.passAt1 * 100).toFixed(1)} %: ${score.passed} of ${score.total} passed`]
      : []),
  ].join('\n');
