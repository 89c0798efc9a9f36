/** What fills {{difficulty}}: the prompt set’s own words for a difficulty from 0 to 1. */
import type { PromptSet } from './prompt-set.ts';

/** Empty where no difficulty is asked for, or the set has no levels; its line is left out then. */
export const difficultyLevel = ({ stages }: PromptSet, asked: number | undefined): string => {
  const { levels } = stages.propose;
  if (asked === undefined || !levels) return '';
  return levels[Math.min(levels.length - 1, Math.floor(asked * levels.length))] ?? '';
};
