/** Where the datasets and checkpoints lie. */
import { plain } from './markdown-table.ts';
import type { CampaignReport } from './report.ts';

export const dataSections = ({ iterations }: CampaignReport): string[] => {
  const lines = iterations.flatMap(({ n, datasetUri, checkpointUri, checkpointSha256 }) => [
    ...(datasetUri ? [`- Iteration ${n}, dataset: ${plain(datasetUri, 300)}`] : []),
    ...(checkpointUri ? [`- Iteration ${n}, checkpoint: ${plain(checkpointUri, 300)}`] : []),
    ...(checkpointSha256 === undefined ? [] : [`  (weights sha256 ${checkpointSha256})`]),
  ]);
  return lines.length > 0 ? ['## Where it lies', lines.join('\n')] : [];
};
