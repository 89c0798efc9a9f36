/** `ucoder review`: selections that wait for a person, and what is decided about them (docs/steering.md). */
import { type Command, Option } from 'commander';
import { UcoderError } from '../../core/errors.ts';
import { readEnvironment } from '../../infra/environment.ts';
import { reportQuery, reviewsQuery } from '../../workflows/messages.ts';
import { askCampaign } from '../campaign/ask-campaign.ts';
import { type Clients, withClients } from '../campaign/clients.ts';
import { readSelectionInReview, renderSelectionInReview } from '../campaign/selection-in-review.ts';
import { printJson, table } from '../output.ts';
import { type Shared, steer } from './steering-commands.ts';

type Options = Shared & { accept?: boolean; reject?: boolean; replace?: string };

export const addReviewCommand = (program: Command): void => {
  program
    .command('review')
    .description('Selections that wait for a person: list them, look at one, decide.')
    .argument('<id>', 'the campaign’s name')
    .argument('[problem]', 'the problem whose selection to look at, or to decide about')
    .addOption(new Option('--accept', 'train on the selected candidate').conflicts(['reject', 'replace']))
    .addOption(new Option('--reject', 'train on none of this problem').conflicts('replace'))
    .option('--replace <candidate>', 'train on this candidate instead')
    .option('--reason <text>', 'why; stands in the report')
    .option('--by <name>', 'who; your user name and machine without it')
    .option('--json', 'print the answer as JSON')
    .addHelpText(
      'after',
      `
  ucoder review nightly                          what waits, and until when
  ucoder review nightly p0007                    the problem, its clusters and their programs side by side
  ucoder review nightly p0007 --replace c0012 --reason "handles the empty list"`,
    )
    .action(async (id: string, problem: string | undefined, options: Options) => {
      const { accept, reject, replace, ...shared } = options;
      const decision = accept ? 'accept' : reject ? 'reject' : replace === undefined ? undefined : 'replace';
      if (decision !== undefined) {
        if (problem === undefined)
          throw new UcoderError('usage', `--${decision} needs the problem that it is about.`);
        const candidate = replace === undefined ? {} : { candidate: replace };
        return steer(id, 'review', { problem, decision, ...candidate }, shared);
      }
      await withClients(readEnvironment(), (clients) =>
        problem === undefined ? list(clients, id, shared) : look(clients, id, problem, shared),
      );
    });
};

const list = async (clients: Clients, id: string, { json }: Shared): Promise<void> => {
  const { waiting, decided, standsStill } = await askCampaign(clients.client, id, reviewsQuery);
  if (json) return printJson({ waiting, decided, standsStill });
  if (waiting.length === 0) return void process.stdout.write(`${id}: no selection waits for a person.\n`);
  const rows = waiting.map(({ problemId, candidate, share, until }) => [
    problemId,
    candidate,
    `${(share * 100).toFixed(0)} %`,
    new Date(until).toISOString().slice(0, 16).replace('T', ' '),
  ]);
  process.stdout.write(table(['problem', 'selected', 'share', 'until (UTC)'], rows));
  if (standsStill)
    process.stdout.write('The campaign is paused: its deadlines stand still until it is resumed.\n');
};

/** Thrown: steering-refused, where it does not wait. */
const look = async (clients: Clients, id: string, problem: string, { json }: Shared): Promise<void> => {
  const waiting = (await askCampaign(clients.client, id, reviewsQuery)).waiting.find(
    ({ problemId }) => problemId === problem,
  );
  if (!waiting) throw new UcoderError('steering-refused', `${problem} does not wait for a decision.`);
  const { revisions } = await askCampaign(clients.client, id, reportQuery);
  const seen = await readSelectionInReview(clients.store, { campaignId: id, revisions }, waiting);
  if (json) printJson(seen);
  else process.stdout.write(renderSelectionInReview(seen));
};
