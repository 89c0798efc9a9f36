/** `execute`, `select` and `ablate`: the consensus filter, useful alone in somebody else’s pipeline. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ablationTable } from '../../core/selection/ablation/ablation-table.ts';
import { STRATEGIES } from '../../core/selection/strategies/registry.ts';
import { printJson } from '../output.ts';
import { runAblation } from './ablate.ts';
import { runExecute } from './execute.ts';
import { runSelect } from './select.ts';
import { addSelectionSetting, type Settings } from './selection-settings.ts';

const number = (text: string): number => {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
};

const SET = 'another setting of selection in docs/config.md, such as minShare=0.1; may be repeated';

export const addFilterCommands = (program: Command): void => {
  program
    .command('execute')
    .description('Run candidates against tests in the sandbox and print the outcome matrix.')
    .argument('<batch>', 'a .json or .jsonl file of batches, or - for standard input')
    .option('--out <file>', 'write the result there instead of to standard output')
    .action((source: string, options: { out?: string }) => runExecute({ source, ...options }));

  program
    .command('select')
    .description('Choose one candidate of each problem from an outcome matrix.')
    .argument('<matrix>', 'a .json or .jsonl file of matrices, or - for standard input')
    .option('--out <file>', 'write the result there instead of to standard output')
    .option(
      '--strategy <name>',
      `how one candidate is chosen: ${Object.keys(STRATEGIES).join(', ')}; docs/selection.md explains them`,
      'consensus',
    )
    .addOption(new Option('--signature <kind>', 'what candidates must share').choices(['outcome', 'output']))
    .addOption(
      new Option('--reliability <kind>', 'what counts as reliable')
        .choices(['executes', 'passes'])
        .default('executes'),
    )
    .option('--min-reliability <share>', 'candidates below this share are dropped', number, 0.8)
    .option('--min-cluster-size <n>', 'members of the smallest consensus', number, 2)
    .option('--seed <n>', 'seed of random strategies', number, 0)
    .option('--set <key=value>', SET, addSelectionSetting)
    .action((source: string, options: SelectFlags) => runSelect({ source, ...options }));

  program
    .command('ablate')
    .description('Replay every strategy over stored matrices, without model calls, and compare.')
    .argument(
      '<campaign or folder>',
      'the campaign’s name, or a folder of .json and .jsonl matrices, or one such file',
    )
    .option('--set <key=value>', SET, addSelectionSetting)
    .option('--json', 'as JSON')
    .action(async (source: string, { json, set }: { json?: boolean; set?: Settings }) => {
      const ablation = await runAblation(source, set);
      if (json) printJson(ablation);
      else process.stdout.write(ablationTable(ablation));
    });
};

type SelectFlags = {
  out?: string;
  strategy: string;
  signature?: 'outcome' | 'output';
  reliability: 'executes' | 'passes';
  minReliability: number;
  minClusterSize: number;
  seed: number;
  set?: Settings;
};
