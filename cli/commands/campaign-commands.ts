/** Everything about campaigns: start, watch, report, validate. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { curriculumOutlook, outlookSentences } from '../../core/campaign/curriculum-outlook.ts';
import type { Speeds } from '../../core/campaign/forecast.ts';
import { UcoderError } from '../../core/errors.ts';
import { parseTopics } from '../../core/problems/topics.ts';
import { readEnvironment } from '../../infra/environment.ts';
import { readCampaignFile } from '../campaign/campaign-file.ts';
import { campaignPage } from '../campaign/campaign-page.ts';
import { campaignReport } from '../campaign/campaign-report.ts';
import { campaignStatus } from '../campaign/campaign-status.ts';
import { withClients } from '../campaign/clients.ts';
import { dryRun } from '../campaign/dry-run.ts';
import { followCampaign, mustBeComplete } from '../campaign/follow-campaign.ts';
import { listCampaigns } from '../campaign/list-campaigns.ts';
import { startCampaign } from '../campaign/start-campaign.ts';
import { startedText, statusText } from '../campaign/status-text.ts';
import { printJson, table } from '../output.ts';
import { quickstart } from '../quickstart.ts';

const percent = (value: number | null): string => (value === null ? '-' : `${(value * 100).toFixed(1)} %`);

const sayThereIsNone = (): void => {
  process.stdout.write('There is no campaign yet. Start one: npm start\n');
};

/** A second. Below it a forecast is of no use, and further below its hours are no number. */
const LEAST_SPEED = 0.001;

const speed = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError('It must be a number above 0.');
  if (value < LEAST_SPEED) throw new InvalidArgumentError(`It must be at least ${LEAST_SPEED}.`);
  return value;
};

type StartOptions = Speeds & { follow?: boolean; json?: boolean; dryRun?: boolean };

export const addCampaignCommands = (program: Command): void => {
  program
    .command('start')
    .description('Start a campaign; it goes on without this command.')
    .argument('<campaign.yaml>', 'the campaign file; docs/config.md lists every key')
    .option('--follow', 'show its progress until it ends')
    .option('--json', 'print {"id", "ui"} as JSON; with --dry-run {"config", "forecast"}')
    .addOption(
      new Option(
        '--dry-run',
        'start nothing: print the resolved settings and what the campaign costs at most',
      ).conflicts('follow'),
    )
    .option('--tokens-per-second <n>', 'speed of the model server, for the hours of --dry-run', speed)
    .option('--pairs-per-second <n>', 'speed of the sandbox, for the hours of --dry-run', speed)
    .action(async (path: string, options: StartOptions) => {
      const { tokensPerSecond, pairsPerSecond } = options;
      if (!options.dryRun && (tokensPerSecond ?? pairsPerSecond) !== undefined)
        throw new UcoderError('usage', '--tokens-per-second and --pairs-per-second go with --dry-run.');
      const environment = readEnvironment();
      const file = await readCampaignFile(path, environment);
      if (options.dryRun) {
        const { json, text } = dryRun(file, { tokensPerSecond, pairsPerSecond });
        if (options.json) printJson(json);
        else process.stdout.write(text);
        return;
      }
      await withClients(environment, async ({ client, store, connections }) => {
        const { name } = file.config;
        const started = await startCampaign(file, client, store, connections.model.url);
        const ui = campaignPage(connections.ui, connections.temporal.namespace, name);
        if (options.json) printJson({ id: name, ui });
        else process.stdout.write(startedText(name, started, ui));
        if (!options.follow) return;
        const state = await followCampaign(client, name, process.stderr);
        if (!options.json)
          process.stdout.write(`Campaign ${name}: ${state}. Its report: npx ucoder report ${name}\n`);
        mustBeComplete(name, state);
      });
    });

  program
    .command('status')
    .description('How a campaign does, and why it waits. Without an id: the newest one.')
    .argument('[id]', 'the campaign’s name')
    .option('--json', 'as JSON')
    .action(async (id: string | undefined, { json }: { json?: boolean }) => {
      await withClients(readEnvironment(), async ({ client }) => {
        const campaignId = id ?? (await listCampaigns(client))[0]?.id;
        if (campaignId === undefined) return json ? printJson(null) : sayThereIsNone();
        const status = await campaignStatus(client, campaignId);
        if (json) return printJson(status);
        process.stdout.write(statusText(status));
      });
    });

  program
    .command('list')
    .description('All campaigns, newest first.')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      await withClients(readEnvironment(), async ({ client }) => {
        const campaigns = await listCampaigns(client);
        if (json) return printJson(campaigns);
        if (campaigns.length === 0) return sayThereIsNone();
        const rows = campaigns.map((c) => [
          c.id,
          c.state,
          String(c.iteration),
          percent(c.bestPassAt1),
          c.startedAt,
        ]);
        process.stdout.write(table(['id', 'state', 'iteration', 'best pass@1', 'started'], rows));
      });
    });

  program
    .command('report')
    .description('What a campaign made and how well its models do, by iteration.')
    .argument('<id>', 'the campaign’s name')
    .option('--json', 'as JSON')
    .option('--out <file>', 'write the Markdown report there as well')
    .action(async (id: string, options: { json?: boolean; out?: string }) => {
      await withClients(readEnvironment(), async (clients) => {
        const report = await campaignReport(id, clients, options.out);
        if (options.json) printJson(report.json);
        else process.stdout.write(report.markdown);
      });
    });

  program
    .command('validate')
    .description('Check a campaign file and everything it names; nothing is started.')
    .argument('<campaign.yaml>', 'the campaign file')
    .option('--json', 'print the resolved settings as JSON')
    .action(async (path: string, { json }: { json?: boolean }) => {
      const { config, prompts, topics } = await readCampaignFile(path, readEnvironment());
      if (json) return printJson(config);
      const outlook = curriculumOutlook(config, prompts, parseTopics(topics, path).length);
      const lines = [
        `${path} is valid: campaign ${config.name}, up to ${config.iterations.max} iterations.`,
        ...(outlook ? outlookSentences(outlook) : []),
      ];
      process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    });

  program
    .command('quickstart')
    .description('What npm start runs: the local stack, then the next quickstart campaign, then its report.')
    .option('--campaign <file>', 'another campaign file', 'campaigns/quickstart.yaml')
    .action((options: { campaign: string }) => quickstart(options.campaign));
};
