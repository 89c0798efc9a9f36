/** Runs one command line and tells its exit code: 0 done, 1 failure, 2 usage or bad input. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { projectRoot } from '../infra/paths.ts';
import { addCampaignCommands } from './commands/campaign-commands.ts';
import { addFilterCommands } from './commands/filter-commands.ts';
import { addReviewCommand } from './commands/review-command.ts';
import { addStackCommands } from './commands/stack-commands.ts';
import { addSteeringCommands } from './commands/steering-commands.ts';
import { reportFailure } from './report-failure.ts';

const Package = z.object({ version: z.string() });

const version = (): string =>
  Package.parse(JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'))).version;

const program = (): Command => {
  const root = new Command('ucoder')
    .description(
      'Makes a code model better with no outside data: durable self-training campaigns on Temporal.',
    )
    .version(version(), '--version')
    .showHelpAfterError('(run with --help for the arguments)')
    .exitOverride()
    .addHelpText(
      'after',
      `
Exit codes: 0 done · 1 failure · 2 usage or bad input · 130 interrupted.
First steps: npm start runs the quickstart campaign; README.md says where to go next.`,
    );
  addCampaignCommands(root);
  addFilterCommands(root);
  addSteeringCommands(root);
  addReviewCommand(root);
  addStackCommands(root);
  return root;
};

/** `words`: what follows the command’s name. */
export const runCommand = async (words: readonly string[]): Promise<number> => {
  try {
    await program().parseAsync(words, { from: 'user' });
    return 0;
  } catch (thrown) {
    // Commander has printed its own message by then.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    return reportFailure(thrown);
  }
};
