/** `npm start`: everything from an empty machine to the report of a finished campaign. */
import { readEnvironment } from '../infra/environment.ts';
import { readCampaignFile } from './campaign/campaign-file.ts';
import { campaignPage } from './campaign/campaign-page.ts';
import { campaignReport } from './campaign/campaign-report.ts';
import { withClients } from './campaign/clients.ts';
import { followCampaign, mustBeComplete } from './campaign/follow-campaign.ts';
import { listCampaigns } from './campaign/list-campaigns.ts';
import { startCampaign } from './campaign/start-campaign.ts';
import { showUp } from './show-up.ts';

export const quickstart = async (path: string): Promise<void> => {
  const environment = readEnvironment();
  // A typo in the file is told before anything is installed.
  const { config } = await readCampaignFile(path, environment);
  await showUp(environment);
  await withClients(environment, async (clients) => {
    const { client, store, connections } = clients;
    const name = nextName(config.name, await listCampaigns(client));
    const file = await readCampaignFile(path, environment, name);
    await startCampaign(file, client, store, connections.model.url);
    const ui = campaignPage(connections.ui, connections.temporal.namespace, name);
    process.stdout.write(
      `\nCampaign ${name} runs: ${config.model.base}, up to ${config.iterations.max} iterations.\nTemporal UI: ${ui}\n\n`,
    );

    const state = await followCampaign(client, name, process.stdout);
    const report = await campaignReport(name, clients);
    process.stdout.write(`\n${report.markdown}\n`);
    process.stdout.write(
      [
        `Campaign ${name}: ${state}.`,
        `Temporal UI:   ${ui}`,
        `All objects:   ${store.uri(`campaigns/${name}/`)}${connections.s3.endpoint ? ` at ${connections.s3.endpoint}` : ''}`,
        `This report:   npx ucoder report ${name}`,
        'Once more:     npm start        Stop the stack: npx ucoder down',
        'Next:          npx ucoder start campaigns/laptop.yaml --follow   (shows learning; an hour or two)',
        '',
      ].join('\n'),
    );
    mustBeComplete(name, state);
  });
};

/** The unfinished campaign of that name where there is one, else the first name that is free: quickstart, quickstart-2, … */
export const nextName = (base: string, campaigns: readonly { id: string; state: string }[]): string => {
  const states = new Map(campaigns.map(({ id, state }) => [id, state]));
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? base : `${base}-${n}`;
    const state = states.get(name);
    if (state === undefined || state === 'running' || state === 'paused') return name;
  }
};
