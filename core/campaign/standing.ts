/**
 * From where a campaign goes on that failed and is started again: its settings as they were changed last, and the
 * iterations that were complete. What the open one has stored is adopted step by step.
 */
import { z } from 'zod';
import { CampaignConfig } from '../config/campaign-config.ts';
import { ArchivedIteration } from '../report/iteration-brief.ts';
import { IterationRecord } from '../report/iteration-record.ts';
import { withoutValidation } from '../steering/retry.ts';

export const Standing = z.object({
  config: CampaignConfig,
  records: z.array(IterationRecord),
  archived: z.array(ArchivedIteration).optional().describe('Iterations whose records lie apart.'),
  heldout: z.object({ iteration: z.int(), questions: z.int() }).nullable(),
  rollback: z.object({ to: z.int(), since: z.int() }).nullable(),
  droppedTokens: z.int().min(0),
  workedMs: z.number().min(0).describe('Pauses left out.'),
  ends: z.array(z.number()).describe('`workedMs` at the end of each record.'),
  sequence: z.int().min(0).describe('Of the last change that children were told of.'),
});
export type Standing = z.infer<typeof Standing>;

/** What a campaign tells of it beside its records. */
export type ToldStanding = Omit<Standing, 'config' | 'records' | 'archived' | 'rollback'> & {
  /** The first iteration that is not complete. */
  openFrom: number;
};

/**
 * Held-out problems of an iteration that is not complete are chosen again, and the base model is scored on them again:
 * what both stored is found.
 */
export const standingOf = (
  {
    config,
    records,
    archived = [],
    rollback,
  }: Pick<Standing, 'config' | 'records' | 'archived' | 'rollback'>,
  { openFrom, ends, ...told }: ToldStanding,
): Standing => {
  const complete = records.filter(({ n }) => n < openFrom);
  const apart = archived.filter(({ n }) => n < openFrom);
  const isOpen = told.heldout !== null && told.heldout.iteration >= openFrom;
  return {
    ...{ ...told, config, rollback, ends: ends.slice(0, complete.length + apart.length) },
    ...(isOpen ? { heldout: null } : {}),
    ...(apart.length > 0 ? { archived: apart } : {}),
    records: complete.map((record) => (isOpen && record.n === 0 ? withoutValidation(record) : record)),
  };
};
