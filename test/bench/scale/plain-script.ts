/** The iteration as a plain script: the same stages in the same order and width, and nothing that survives it. */
import pLimit from 'p-limit';
import type { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { chunkGroups } from '../../../core/sampling/chunk-groups.ts';
import { BATCHES_AT_ONCE } from '../../../workflows/propose-until-enough.ts';
import type { SimulatedStages } from './simulated-stages.ts';

/** Wall time in milliseconds. */
export const runPlainScript = async (stages: SimulatedStages, config: CampaignConfig): Promise<number> => {
  const begun = performance.now();
  const { count, batch } = config.problems;
  const proposing = pLimit(BATCHES_AT_ONCE);
  await Promise.all(
    Array.from({ length: Math.ceil(count / batch) }, () =>
      proposing(async () => {
        await stages.proposeProblems({ count: batch });
        await stages.judgeProblems();
      }),
    ),
  );
  await stages.gatherProblems();
  const ids = await stages.acceptedPage({ from: 0, size: count });
  const limit = pLimit(config.concurrency.problems);
  const chunks = Math.ceil(config.candidates.count / config.candidates.chunk);
  await Promise.all(
    ids.map(() =>
      limit(async () => {
        await stages.sketchInterface({ policy: config });
        await stages.writeTests({ count: config.tests.count });
        await stages.checkTests();
        await Promise.all(
          chunkGroups(chunks, 4).map((group) =>
            stages.sampleCandidates({ chunks: group.count, settings: config.candidates }),
          ),
        );
        await stages.executeCandidates();
        await stages.selectCandidate();
        await stages.recheckWinner();
      }),
    ),
  );
  await stages.gatherResults();
  await stages.summariseConsensus();
  return performance.now() - begun;
};
