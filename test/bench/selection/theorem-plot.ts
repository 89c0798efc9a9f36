/** The regimes as an SVG for docs/selection.md: share of right choices over the share of right programs. */
import { markdownTable } from '../../../core/report/markdown-table.ts';
import { CURVES, RIGHT_COUNTS, shareRight } from './theorem-regimes.ts';

const WIDTH = 640;
const HEIGHT = 320;
const LEFT = 48;
const TOP = 16;
const PLOT = { width: 560, height: 200 };
const CANDIDATES = 64;
/** Told apart without colour as well. */
const STYLES = [
  { colour: '#0072b2', dash: '' },
  { colour: '#d55e00', dash: '6 3' },
  { colour: '#009e73', dash: '2 3' },
  { colour: '#cc79a7', dash: '8 3 2 3' },
] as const;

export type MeasuredCurve = { name: string; shares: readonly number[] };

export const measureCurves = (populations: number): MeasuredCurve[] =>
  CURVES.map(({ name, signature, population }) => ({
    name,
    shares: RIGHT_COUNTS.map((right) => shareRight({ ...population, right }, signature, populations)),
  }));

export const curveTable = (curves: readonly MeasuredCurve[]): string =>
  markdownTable(
    ['right programs of 64', ...RIGHT_COUNTS.map(String)],
    curves.map(({ name, shares }) => [name, ...shares.map((share) => share.toFixed(2))]),
  );

const across = (right: number): number => LEFT + (right / CANDIDATES / 0.65) * PLOT.width;
const up = (share: number): number => TOP + (1 - share) * PLOT.height;

export const theoremSvg = (curves: readonly MeasuredCurve[]): string => {
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<path d="M${LEFT} ${up(share)}h${PLOT.width}" stroke="#ddd"/><text x="${LEFT - 6}" y="${up(share) + 4}" text-anchor="end">${share}</text>`,
  );
  const ticks = RIGHT_COUNTS.filter((right) => right % 8 === 0).map(
    (right) =>
      `<text x="${across(right)}" y="${TOP + PLOT.height + 16}" text-anchor="middle">${((100 * right) / CANDIDATES).toFixed(0)} %</text>`,
  );
  const lines = curves.map(({ shares }, index) => {
    const { colour, dash } = STYLES[index % STYLES.length] ?? STYLES[0];
    const points = shares.map(
      (share, at) => `${across(RIGHT_COUNTS[at] ?? 0).toFixed(1)},${up(share).toFixed(1)}`,
    );
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`;
  });
  const legend = curves.map(({ name }, index) => {
    const { colour, dash } = STYLES[index % STYLES.length] ?? STYLES[0];
    const y = TOP + PLOT.height + 36 + index * 16;
    return `<path d="M${LEFT} ${y - 4}h28" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/><text x="${LEFT + 36}" y="${y}">${name}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="11">`,
    '<title>Share of problems on which the largest cluster is right, over the share of right programs</title>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...grid,
    ...ticks,
    ...lines,
    ...legend,
    '</svg>',
    '',
  ].join('\n');
};
