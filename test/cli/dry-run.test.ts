import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addCampaignCommands } from '../../cli/commands/campaign-commands.ts';
import { UcoderError } from '../../core/errors.ts';

const campaign = `
name: a
model: {base: smollm2-135m-instruct, prompts: small}
problems: {count: 10, minScore: {keepShare: 0.5}}
candidates: {count: 8, chunk: 32}
iterations: {max: 2}
budget: {tokens: 1000}
`;

/** A closed port for everything that the command could want to reach. */
const NOWHERE = 'http://127.0.0.1:9';

describe('ucoder start --dry-run', () => {
  let folder = '';
  let file = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ucoder-dry-run-'));
    file = join(folder, 'campaign.yaml');
    await writeFile(file, campaign);
    vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:9');
    vi.stubEnv('AWS_ENDPOINT_URL_S3', NOWHERE);
    vi.stubEnv('UCODER_STATE', join(folder, 'state'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await rm(folder, { recursive: true });
  });

  /** What it prints, or the error that it ends with. */
  const start = async (...flags: string[]): Promise<string> => {
    let printed = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((part) => {
      printed += String(part);
      return true;
    });
    const program = new Command().configureOutput({ writeErr: () => {} }).exitOverride();
    addCampaignCommands(program);
    for (const command of program.commands) command.copyInheritedSettings(program);
    try {
      await program.parseAsync(['start', file, ...flags], { from: 'user' });
    } catch (thrown) {
      if (thrown instanceof UcoderError) return `${thrown.code}: ${thrown.message}`;
      if (thrown instanceof CommanderError) return thrown.message;
      throw thrown;
    } finally {
      vi.restoreAllMocks();
    }
    return printed;
  };

  it('prints every setting, whence it comes, and the forecast; no server is needed', async () => {
    const text = await start('--dry-run');
    const line = (beginning: string) => text.split('\n').find((each) => each.startsWith(beginning)) ?? '';
    expect(line('candidates.count')).toMatch(/ 8 +file$/);
    expect(line('candidates.topP')).toMatch(/ 0\.95 +default$/);
    expect(line('problems.minScore.keepShare')).toMatch(/ 0\.5 +file$/);
    expect(line('selection.tieBreakers')).toMatch(/ \["reliability","perplexity"\] +default$/);
    expect(line('2 ')).toMatch(/^2 +30 +10 +80 +[\d,]+ +[\d,]+ +- +- +-$/);
    expect(line('all ')).toMatch(/^all +60 +20 +160 /);
    expect(line('budget.tokens 1,000 is reached')).toContain('may pause in iteration 0');
    expect(text).toContain('Hours of sampling need a speed: --tokens-per-second.');
  });

  it('prints the same as JSON', async () => {
    const { config, forecast } = JSON.parse(
      await start('--dry-run', '--json', '--tokens-per-second', '1500', '--pairs-per-second', '0.5'),
    );
    expect(config).toMatchObject({ name: 'a', candidates: { count: 8, topP: 0.95 } });
    expect(forecast).toMatchObject({
      speeds: { tokensPerSecond: 1500, pairsPerSecond: 0.5 },
      total: { proposals: 60, problems: 20, candidates: 160 },
      limits: [{ limit: 'budget.tokens', value: 1000, mayPauseIn: 0 }],
    });
    expect(forecast.iterations).toHaveLength(3);
    expect(forecast.total.hours.executing).toBe(forecast.total.executions / 1800);
  });

  it('gives numbers for the longest campaign at the slowest speed, and leaves nothing behind', async () => {
    const longest = campaign.replace('iterations: {max: 2}', 'iterations: {max: 100}');
    await writeFile(file, longest.replace('tokens: 1000', 'tokens: 1000, hours: 0.001'));
    const slow = ['--tokens-per-second', '0.001', '--pairs-per-second', '0.001'];
    expect(await start('--dry-run', ...slow)).not.toMatch(/NaN|Infinity|∞|undefined|null/);
    const { forecast } = JSON.parse(await start('--dry-run', '--json', ...slow));
    expect(forecast.iterations).toHaveLength(101);
    // JSON writes null for what is no number.
    const [base, first, ...others] = forecast.iterations;
    expect(JSON.stringify([base, first, ...others, forecast.total])).not.toContain('null');
    for (const iteration of others) expect(iteration).toEqual({ ...first, n: iteration.n });
    expect(forecast.total.hours.total).toBeGreaterThan(99 * first.hours.total);
    expect(await readdir(folder)).toEqual(['campaign.yaml']);
  });

  it('says that hours cannot be compared without a speed', async () => {
    await writeFile(file, campaign.replace('tokens: 1000', 'hours: 0.5'));
    expect(await start('--dry-run')).toContain('budget.hours 0.5 cannot be compared: no speed is given.');
    expect(await start('--dry-run', '--tokens-per-second', '1e9')).toContain(
      'budget.hours 0.5 is not reached',
    );
  });

  it('says what the curriculum amounts to', async () => {
    expect(await start('--dry-run')).not.toContain('Curriculum');
    await writeFile(file, campaign.replace('count: 10,', 'count: 10, curriculum: {start: 0.2, end: 0.6},'));
    const text = await start('--dry-run');
    expect(text).toContain('Curriculum: target difficulty 0.20, 0.40 by iteration');
    expect(text).toContain('2 are spread evenly; of 13 accepted ones the nearest to the target stay.');
    expect(text).toMatch(/problems\.curriculum\.end +0\.6 +file/);
    expect(text).toMatch(/problems\.curriculum\.memory +0\.5 +default/);
    const { curriculum } = JSON.parse(await start('--dry-run', '--json'));
    expect(curriculum).toMatchObject({ targets: [0.2, 0.4], wanted: 13, levels: 3 });
    await writeFile(file, campaign.replace('count: 10,', 'count: 10, curriculum: {start: 0.6},'));
    expect(await start('--dry-run')).toContain('problems.curriculum.end: 0.5 is below start (0.6)');
  });

  it('refuses a bad file as start does', async () => {
    await writeFile(file, campaign.replace('count: 8', 'cuont: 8'));
    expect(await start('--dry-run')).toMatch(/^invalid-config: .*:5: candidates\.cuont: .*"count"\?/);
    await writeFile(file, campaign.replace('{count: 10,', '{count: 0,'));
    expect(await start('--dry-run', '--json')).toMatch(/^invalid-config: .*:4: problems\.count: too small/);
    await writeFile(file, campaign.replace('iterations: {max: 2}', 'iterations: {max: 101}'));
    expect(await start('--dry-run')).toMatch(/^invalid-config: .*:6: iterations\.max: too big/);
    await writeFile(file, '');
    expect(await start('--dry-run')).toMatch(/^invalid-config: .*: name: is required/);
  });

  it('refuses flags that cannot be meant', async () => {
    for (const value of ['0', '-1', 'fast', 'Infinity', ' '])
      expect(await start('--dry-run', '--tokens-per-second', value)).toContain(
        'It must be a number above 0.',
      );
    // The hours would be infinite, which JSON writes as if no speed were given.
    for (const value of ['1e-320', '0.0009'])
      expect(await start('--dry-run', '--tokens-per-second', value)).toContain('It must be at least 0.001.');
    expect(await start('--pairs-per-second', '10')).toMatch(/^usage: .*go with --dry-run/);
    expect(await start('--dry-run', '--follow')).toContain("cannot be used with option '--follow'");
  });
});
