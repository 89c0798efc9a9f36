/** The report as Markdown that a person also reads in a terminal of 100 columns. */
import { auditText } from '../steering/audit.ts';
import { markdownTable, plain } from './markdown-table.ts';
import { curriculumSections } from './render-curriculum.ts';
import { dataSections } from './render-data.ts';
import { overlapSections } from './render-overlaps.ts';
import { perplexitySections } from './render-perplexity.ts';
import { scoreSections } from './render-scores.ts';
import { workSections } from './render-work.ts';
import type { CampaignReport } from './report.ts';

export const renderMarkdown = (report: CampaignReport): string =>
  [
    `# Campaign ${report.id}: ${report.state}`,
    summary(report),
    ...scoreSections(report),
    ...workSections(report),
    ...overlapSections(report),
    ...curriculumSections(report),
    ...perplexitySections(report),
    ...watchSections(report),
    ...dataSections(report),
    ...auditSections(report),
  ]
    .join('\n\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()
    .concat('\n');

const summary = ({ best, endReason, model, prompts, ui, iterations }: CampaignReport): string => {
  const bestName = best.n === 0 ? 'iteration 0, the base model' : `iteration ${best.n}`;
  const score = best.passAt1 === null ? 'not validated' : `pass@1 ${percent(best.passAt1)}`;
  const last = iterations.at(-1)?.n ?? 0;
  return [
    `- Best: **${bestName}** (${score}); ${last} ${last === 1 ? 'iteration' : 'iterations'} after the base.`,
    ...(endReason === undefined ? [] : [`- End: ${plain(endReason, 200)}`]),
    `- Model ${plain(model)}, prompt set ${plain(prompts)}; pass@1 is greedy, one sample, with that prompt set.`,
    ...(ui === undefined ? [] : [`- Temporal UI: <${ui}>`]),
  ].join('\n');
};

const watchSections = ({ alarms, benchmarkLooks }: CampaignReport): string[] => {
  const lines = alarms.map(
    ({ iteration, alarm, message }) => `- Iteration ${iteration}, **${alarm}**: ${plain(message, 200)}.`,
  );
  const looks = benchmarkLooks.map(({ iteration, benchmark, as, questions, passed }) => [
    `${plain(benchmark)} (${as})`,
    String(iteration),
    `${passed} of ${questions}`,
  ]);
  return [
    '## Watch',
    lines.length > 0 ? lines.join('\n') : 'No alarm: nothing suggests that the loop feeds on itself.',
    ...(looks.length > 0
      ? ['Each look at a benchmark:', markdownTable(['benchmark', 'iteration', 'passed'], looks)]
      : []),
  ];
};

const auditSections = ({ audit }: CampaignReport): string[] =>
  audit ? ['## Steered', audit.map((line) => `- ${plain(auditText(line), 400)}`).join('\n')] : [];

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
