/** What a person looks at before deciding: the problem, its clusters, and a program of each. */
import { allCandidates } from '../../activities/selection/stored-problems.ts';
import type { ObjectStore } from '../../activities/store/object-store.ts';
import { layout, type Place } from '../../core/layout.ts';
import { Problem } from '../../core/problems/problem.ts';
import { plainText } from '../../core/prompts/plain-text.ts';
import { sideBySide } from '../../core/report/side-by-side.ts';
import { StoredSelection } from '../../core/selection/stored-selection.ts';
import type { WaitingReview } from '../../core/steering/review.ts';
import { table } from '../output.ts';

export type ReviewedCluster = {
  share: number;
  members: string[];
  /** The chosen candidate in its cluster, the first member in the others. */
  candidate: string;
  code: string;
};

export type SelectionInReview = {
  problem: string;
  functionName: string;
  docstring: string;
  selected: string;
  /** ISO 8601. */
  until: string;
  clusters: ReviewedCluster[];
};

/** Largest clusters first. */
export const readSelectionInReview = async (
  store: ObjectStore,
  at: Place,
  { iteration, problemId, candidate, until }: WaitingReview,
): Promise<SelectionInReview> => {
  const work = (folder: string) => layout.work(at, iteration, folder, `${problemId}.json`);
  const [problem, selection, candidates] = await Promise.all([
    store.readJson(work('problems'), Problem),
    store.readJson(work('selections'), StoredSelection),
    allCandidates(store, at, iteration, problemId),
  ]);
  const codeOf = new Map(candidates.map(({ id, code }) => [id, code]));
  return {
    problem: problemId,
    functionName: problem.functionName,
    docstring: problem.docstring,
    selected: candidate,
    until: new Date(until).toISOString(),
    clusters: selection.clusters.map(({ share, members }) => {
      const shown = members.includes(candidate) ? candidate : (members[0] ?? '');
      return { share, members, candidate: shown, code: codeOf.get(shown) ?? '' };
    }),
  };
};

/** Of a terminal of 120 columns. */
const WIDTH = 58;
/** Clusters whose programs are shown, two and two. */
const SHOWN = 4;

export const renderSelectionInReview = (seen: SelectionInReview): string => {
  const { problem, functionName, docstring, selected, until, clusters } = seen;
  const rows = clusters.map(({ share, members, candidate }, index) => [
    `${index + 1}${members.includes(selected) ? ' (chosen)' : ''}`,
    percent(share),
    String(members.length),
    candidate,
  ]);
  const parts = [
    `${problem}: ${plainText(functionName)}, selected ${selected}; waits until ${until.slice(0, 16).replace('T', ' ')} UTC\n`,
    `${plainText(docstring).trim()}\n`,
    table(['cluster', 'share', 'members', 'example'], rows),
  ];
  for (let first = 0; first < Math.min(SHOWN, clusters.length); first += 2) {
    const [left, right] = [clusters[first], clusters[first + 1]];
    parts.push(sideBySide(titled(left, first), titled(right, first + 1), WIDTH));
  }
  return parts.join('\n');
};

const titled = (cluster: ReviewedCluster | undefined, index: number): string =>
  cluster ? `${index + 1}: ${cluster.candidate}, ${percent(cluster.share)}\n\n${cluster.code}` : '';

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
