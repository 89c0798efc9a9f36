/**
 * Which batch of proposals is asked for next while others are in flight: one that is wanted whatever the judge makes of
 * those. So batches run side by side, and are the same ones as one after the other.
 */
import type { ProblemsConfig } from '../config/campaign-config.ts';

export type ProposalCounts = {
  /** Accepted problems after which no more are proposed. */
  wanted: number;
  /** Problems that the judge accepted. */
  accepted: number;
  /** Proposals asked for, those in flight among them. */
  asked: number;
  /** Proposals of batches that are not judged yet: each may be accepted. */
  inFlight: number;
};

export const mostProposals = ({ count, maxProposals }: ProblemsConfig): number => maxProposals ?? 3 * count;

/** Proposals of the next batch; 0 where none is wanted, or none before another batch is judged. */
export const nextBatch = (
  config: ProblemsConfig,
  { wanted, accepted, asked, inFlight }: ProposalCounts,
): number =>
  accepted + inFlight < wanted ? Math.max(0, Math.min(config.batch, mostProposals(config) - asked)) : 0;
