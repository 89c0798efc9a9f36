/** What is known of a campaign’s curriculum before it starts, in numbers and in a sentence each. */
import type { CampaignConfig } from '../config/campaign-config.ts';
import { targetDifficulty } from '../problems/curriculum/target-difficulty.ts';
import type { PromptSet } from '../prompts/prompt-set.ts';

export type CurriculumOutlook = {
  /** By iteration, from the first; the last one holds from then on. */
  targets: number[];
  topics: number;
  /** Problems of an iteration that are spread evenly over the topics. */
  evenly: number;
  /** Accepted problems among which those nearest to the target stay. */
  wanted: number;
  /** Whether the judge is asked for a difficulty. */
  judged: boolean;
  /** Words for a difficulty that the prompt set has; 0: prompts are the same for each. */
  levels: number;
};

/** Null where the campaign has none. `topics`: lines of its file. */
export const curriculumOutlook = (
  { problems, iterations }: Pick<CampaignConfig, 'problems' | 'iterations'>,
  { stages }: PromptSet,
  topics: number,
): CurriculumOutlook | null => {
  const { curriculum, count } = problems;
  if (!curriculum) return null;
  const steps = Math.min(iterations.max, curriculum.pace);
  return {
    targets: Array.from({ length: steps }, (_, step) => targetDifficulty(curriculum, step)),
    topics,
    evenly: curriculum.exploration * count,
    wanted: count + Math.ceil(count * curriculum.surplus),
    judged: stages.difficulty !== undefined,
    levels: stages.propose.levels?.length ?? 0,
  };
};

export const outlookSentences = ({
  targets,
  topics,
  evenly,
  wanted,
  judged,
  levels,
}: CurriculumOutlook): string[] => [
  `Curriculum: target difficulty ${targets.map((target) => target.toFixed(2)).join(', ')} by iteration${targets.length > 1 ? ', then as the last' : ''}; the first takes its ${topics} topics evenly.`,
  `Of each iteration's problems ${Math.round(evenly)} are spread evenly; of ${wanted} accepted ones the nearest to the target stay.`,
  judged
    ? 'The judge rates the difficulty of accepted problems.'
    : 'This prompt set asks the judge for no difficulty: what was measured of its topic tells that of a problem.',
  levels > 0
    ? `Prompts ask for one of ${levels} levels of difficulty.`
    : 'This prompt set has no levels of difficulty: prompts are the same for all.',
];
