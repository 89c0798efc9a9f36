/** Combinations of settings that are each valid alone and cannot work together. */
import type { CampaignConfig } from './campaign-config.ts';
import type { Path } from './explain-issues.ts';
import { ADAPTIVE_STRATEGIES } from './selection-config.ts';

export const settingProblems = (config: CampaignConfig): { path: Path; message: string }[] => {
  const problems: { path: Path; message: string }[] = [];
  const refuse = (path: Path, message: string) => problems.push({ path, message });
  const { candidates, tests, validation, selection, problems: proposing } = config;

  if (Array.isArray(candidates.temperature) && candidates.temperature[0] > candidates.temperature[1]) {
    refuse(['candidates', 'temperature'], 'the lowest temperature stands first');
  }
  if (candidates.adaptive && Array.isArray(candidates.temperature))
    refuse(['candidates', 'adaptive'], 'needs one temperature: rounds must be samples of one population');
  if (candidates.adaptive && !ADAPTIVE_STRATEGIES.includes(selection.strategy))
    refuse(
      ['candidates', 'adaptive'],
      `goes with the strategies that choose a cluster by its size or a score: ${ADAPTIVE_STRATEGIES.join(', ')}`,
    );
  if (proposing.curriculum && proposing.curriculum.start > proposing.curriculum.end)
    refuse(
      ['problems', 'curriculum', 'end'],
      `${proposing.curriculum.end} is below start (${proposing.curriculum.start}): easy problems come first`,
    );
  if (tests.minimum > tests.count)
    refuse(['tests', 'minimum'], `${tests.minimum} is more than tests.count (${tests.count})`);
  if (selection.minClusterSize > candidates.count) {
    refuse(
      ['selection', 'minClusterSize'],
      `${selection.minClusterSize} is more than candidates.count (${candidates.count})`,
    );
  }
  if (config.limits.earlyExit && selection.maxFlakyShare < 1) {
    refuse(
      ['selection', 'maxFlakyShare'],
      'goes with limits.earlyExit false: a candidate that is not run further says nothing of a test',
    );
  }
  if (candidates.maxTokens >= config.model.contextLength) {
    refuse(
      ['candidates', 'maxTokens'],
      `leaves no room for the prompt in model.contextLength (${config.model.contextLength})`,
    );
  }
  if (validation.source === 'heldout' && validation.limit !== undefined) {
    refuse(['validation', 'limit'], 'goes with a benchmark; the size of a held-out set is validation.share');
  }
  for (const [index, { benchmark, limit }] of config.evaluation.entries()) {
    // Both would lie under one name in the bucket.
    if (benchmark === validation.source && limit !== validation.limit)
      refuse(
        ['evaluation', index],
        `asks other questions of ${benchmark} than validation; use the same limit`,
      );
  }
  const benchmarks = config.evaluation.map(({ benchmark }) => benchmark);
  benchmarks.forEach((benchmark, index) => {
    if (benchmarks.indexOf(benchmark) !== index)
      refuse(['evaluation', index, 'benchmark'], `${benchmark} is listed twice`);
  });
  return problems;
};
