/**
 * Which run of an iteration counts. A retry raises the revision of what it does again, and the keys of that are
 * made of it; nothing is overwritten, and what a retry keeps stays where it is.
 */
import { z } from 'zod';

/** What an iteration leaves, each made of those before. */
export const PARTS = ['problems', 'dataset', 'training', 'validation', 'evaluation'] as const;
export type Part = (typeof PARTS)[number];

/** By iteration; 0, the first run, is left out. At most a few numbers an iteration. */
export const Revisions = z.record(z.string(), z.partialRecord(z.enum(PARTS), z.int().min(1)));
export type Revisions = z.infer<typeof Revisions>;

export const revisionOf = (revisions: Revisions | undefined, iteration: number, part: Part): number =>
  revisions?.[iteration]?.[part] ?? 0;

/** `n`, or `n.r2` where it was run again: the end of a name or of a folder. */
export const revised = (name: string | number, revision: number): string =>
  revision === 0 ? `${name}` : `${name}.r${revision}`;

/** A new revision of these parts of one iteration, above any that it has. */
export const raiseParts = (revisions: Revisions, iteration: number, parts: readonly Part[]): Revisions => {
  const before = revisions[iteration] ?? {};
  const next = 1 + Math.max(0, ...Object.values(before));
  const raised = Object.fromEntries(parts.map((part) => [part, next]));
  return { ...revisions, [iteration]: { ...before, ...raised } };
};

/** Raises what is done again: the iteration from a part on, and whole the iterations after it up to `last`. */
export const raiseRevisions = (
  revisions: Revisions,
  { iteration, from, last }: { iteration: number; from: Part; last: number },
): Revisions => {
  let raised = raiseParts(revisions, iteration, PARTS.slice(PARTS.indexOf(from)));
  for (let later = iteration + 1; later <= last; later += 1) raised = raiseParts(raised, later, PARTS);
  return raised;
};
