/** Steering a campaign that runs: each command is one update of its workflow (docs/steering.md). */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { RETRY_POINTS, STOP_POINTS } from '../../core/steering/requests.ts';
import { readEnvironment } from '../../infra/environment.ts';
import { withClients } from '../campaign/clients.ts';
import { steerCampaign } from '../campaign/steer-campaign.ts';
import { printJson } from '../output.ts';
import { userName } from '../user-name.ts';
import { readYamlValue } from '../yaml-value.ts';

export type Shared = { reason?: string; by?: string; json?: boolean };

/** Asks a campaign for something, and prints its answer. */
export const steer = async (id: string, update: string, request: object, shared: Shared): Promise<void> => {
  const { reason = '', by = userName(), json } = shared;
  await withClients(readEnvironment(), async ({ client }) => {
    const answer = await steerCampaign(client, id, update, { ...request, reason, by });
    if (json) printJson(answer);
    else
      process.stdout.write(
        `${id}: ${answer.state}, iteration ${answer.iteration}, ${answer.stage}. ${answer.message}\n`,
      );
  });
};

/** `candidates.count=16` as a nested object; the value is read as YAML. */
const addSetting = (text: string, before: Record<string, object> = {}): Record<string, object> => {
  const [, section, key, value] = /^(\w+)\.(\w+)=(.+)$/.exec(text) ?? [];
  if (!section || !key || value === undefined)
    throw new InvalidArgumentError('Write section.key=value, for example candidates.count=16.');
  return { ...before, [section]: { ...before[section], [key]: readYamlValue(value) } };
};

const integer = (text: string): number => {
  if (!/^\d+$/.test(text))
    throw new InvalidArgumentError('Write the number of an iteration; 0 is the base model.');
  return Number(text);
};

export const addSteeringCommands = (program: Command): void => {
  const command = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .argument('<id>', 'the campaign’s name')
      .option('--reason <text>', 'why; stands in the report')
      .option('--by <name>', 'who; your user name and machine without it')
      .option('--json', 'print the answer as JSON');

  command('pause', 'Start nothing new; what is in flight ends, a training job writes its checkpoint.').action(
    (id: string, options: Shared) => steer(id, 'pause', {}, options),
  );
  command('resume', 'Go on with a campaign that is paused.').action((id: string, options: Shared) =>
    steer(id, 'resume', {}, options),
  );
  command('stop', 'End a campaign early, with the dataset and the report of what is there.')
    .addOption(
      new Option(
        '--after <point>',
        'now gives up what is open; problem lets open problems end; iteration lets the iteration train and be measured',
      )
        .choices([...STOP_POINTS])
        .default('now'),
    )
    .action((id: string, { after, ...options }: Shared & { after: string }) =>
      steer(id, 'stop', { after }, options),
    );
  command('retune', 'Change settings for the problems that have not started.')
    .requiredOption('--set <section.key=value>', 'a setting of docs/config.md; may be repeated', addSetting)
    .addHelpText(
      'after',
      `
The value is read as YAML; training changes with the next iteration.
  ucoder retune nightly --set candidates.count=64 --set candidates.temperature=0.9
  ucoder retune nightly --set budget.tokens=5000000 --reason "a week more"`,
    )
    .action((id: string, { set, ...options }: Shared & { set: object }) =>
      steer(id, 'retune', { settings: set }, options),
    );
  command('retry', 'Do a part again that failed or went wrong; what it rests on is kept.')
    .addOption(
      new Option(
        '--from <point>',
        'failed: problems that failed by a fault of ours; else the stage of the iteration from which on all is done again',
      )
        .choices([...RETRY_POINTS])
        .default('failed'),
    )
    .option('--iteration <n>', 'which; without it the one at hand, or the last', integer)
    .addHelpText(
      'after',
      `
Iterations after it are dropped from the report and made again; nothing is deleted from the bucket.
  ucoder retry nightly                            the failed problems of the iteration at hand
  ucoder retry nightly --from train               train again on the same dataset, for example after retune
  ucoder retry nightly --from problems --iteration 2`,
    )
    .action((id: string, { from, iteration, ...options }: Shared & { from: string; iteration?: number }) =>
      steer(id, 'retry', { from, ...(iteration === undefined ? {} : { iteration }) }, options),
    );
  command('rollback', 'Go on from an earlier checkpoint; the iteration at hand is given up.')
    .requiredOption('--to <iteration>', 'whose checkpoint; 0 is the base model', integer)
    .action((id: string, { to, ...options }: Shared & { to: number }) =>
      steer(id, 'rollback', { to }, options),
    );
};
