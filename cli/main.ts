/** The `ucoder` command: each subcommand is a file of commands/. */
import { runCommand } from './run-command.ts';

process.on('SIGINT', () => process.exit(130));
process.exitCode = await runCommand(process.argv.slice(2));
