/** Each iteration’s curriculum: what was planned beside what came of it, whole and by topic. */
import type { CurriculumRecord, TopicOutcome } from '../problems/curriculum/curriculum-record.ts';
import { markdownTable, plain } from './markdown-table.ts';
import type { CampaignReport } from './report.ts';

/** Topics of an iteration in the text; the JSON report has more, the bucket all. */
const SHOWN = 10;

export const curriculumSections = ({ iterations }: CampaignReport): string[] => {
  const planned = iterations.flatMap(({ n, curriculum }) => (curriculum ? [{ n, curriculum }] : []));
  if (planned.length === 0) return [];
  return [
    '## Curriculum',
    'Difficulty is the share of candidates that do not agree, expected when an iteration was planned and measured at its end.',
    markdownTable(
      [
        'iteration',
        'target',
        'expected',
        'measured',
        'planned',
        'accepted',
        'decided',
        'rests on',
        'judge’s r²',
      ],
      planned.map(({ n, curriculum }) => [String(n), ...wholeCells(curriculum)]),
    ),
    ...planned.flatMap(({ n, curriculum }) => [
      `Iteration ${n}, ${topicsText(curriculum)}:`,
      markdownTable(
        ['topic', 'weight', 'planned', 'accepted', 'decided', 'expected', 'measured'],
        curriculum.topics.slice(0, SHOWN).map(topicCells),
      ),
    ]),
  ];
};

const wholeCells = (curriculum: CurriculumRecord): string[] => [
  curriculum.target.toFixed(2),
  curriculum.expectedDifficulty.toFixed(2),
  measuredText(curriculum),
  String(curriculum.quota),
  String(curriculum.accepted),
  String(curriculum.decided),
  String(curriculum.measuredBefore),
  curriculum.judge.pairs === 0 ? '-' : curriculum.judge.trust.toFixed(2),
];

const topicCells = (topic: TopicOutcome): string[] => [
  plain(topic.topic, 40),
  `${(topic.weight * 100).toFixed(1)} %`,
  String(topic.quota),
  String(topic.accepted),
  String(topic.decided),
  topic.difficulty.toFixed(2),
  measuredText(topic),
];

const measuredText = ({ agreement }: { agreement: number | null }): string =>
  agreement === null ? '-' : (1 - agreement).toFixed(2);

const topicsText = ({ topicCount, topics }: CurriculumRecord): string => {
  const shown = Math.min(SHOWN, topics.length);
  return shown < topicCount ? `the ${shown} topics with the greatest weight of ${topicCount}` : 'its topics';
};
