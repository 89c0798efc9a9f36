/** What the judge’s difficulty is worth: a line from it to the agreement that was measured. */
import { z } from 'zod';

const share = z.number().min(0).max(1);

export const JudgeLine = z.object({
  easiest: z.number().describe('Agreement expected at difficulty 0.'),
  slope: z.number().min(0).describe('By how much it falls to difficulty 1; 0 where the judge tells nothing.'),
  trust: share.describe('Share of the variance of agreement that the line explains (r²).'),
  pairs: z.int().min(0).describe('Problems that were both judged and measured.'),
});
export type JudgeLine = z.infer<typeof JudgeLine>;

export type JudgedAndMeasured = { judged: number; agreement: number; weight: number };

/**
 * Weighted least squares (Aitken, Proc. R. Soc. Edinburgh 55, 1935), begun with two points of weight `prior` / 2 each,
 * (0, 1) and (1, 0): until something is measured the judge is taken at its word. A line that rises with difficulty is
 * no use: slope and trust are 0.
 */
export const judgeLine = (problems: readonly JudgedAndMeasured[], prior: number): JudgeLine => {
  const points = [
    { judged: 0, agreement: 1, weight: prior / 2 },
    { judged: 1, agreement: 0, weight: prior / 2 },
    ...problems,
  ];
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  const mean = (of: (point: JudgedAndMeasured) => number): number =>
    points.reduce((sum, point) => sum + point.weight * of(point), 0) / total;
  const x = mean(({ judged }) => judged);
  const y = mean(({ agreement }) => agreement);
  const xx = mean(({ judged }) => (judged - x) ** 2);
  const yy = mean(({ agreement }) => (agreement - y) ** 2);
  const xy = mean(({ judged, agreement }) => (judged - x) * (agreement - y));
  const slope = Math.max(0, -xy / xx);
  const trust = slope === 0 ? 0 : Math.min(1, xy ** 2 / (xx * yy));
  return { easiest: y + slope * x, slope, trust, pairs: problems.length };
};

/** Agreement from 0 to 1 that the line expects at a difficulty. */
export const expectedAgreement = ({ easiest, slope }: JudgeLine, judged: number): number =>
  Math.min(1, Math.max(0, easiest - slope * judged));
