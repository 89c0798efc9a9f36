/** What a stranger meets: help, typos, wrong values, and parts that are not there. */
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommand } from '../../cli/run-command.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ucoder-usage-'));
  // A closed port, and nothing of what this machine may run.
  vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:9');
  vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://127.0.0.1:9');
  vi.stubEnv('UCODER_STATE', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const run = async (...words: string[]): Promise<{ code: number; out: string; err: string }> => {
  const said = { out: '', err: '' };
  const capture = (stream: 'out' | 'err') => (text: string | Uint8Array) => {
    said[stream] += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(capture('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(capture('err'));
  const code = await runCommand(words);
  vi.restoreAllMocks();
  return { code, ...said };
};

const COMMANDS = [
  ...['start', 'status', 'list', 'report', 'validate', 'quickstart', 'execute', 'select', 'ablate'],
  ...['pause', 'resume', 'stop', 'retune', 'retry', 'review', 'rollback', 'up', 'down', 'ps', 'worker'],
];

describe('--help', () => {
  it('lists every command with a sentence', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    for (const name of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name} .*[A-Z]`, 'm'));
    expect(out).toContain('Exit codes: 0 done · 1 failure · 2 usage or bad input');
  });

  it.each(COMMANDS)('%s explains its arguments and options', async (name) => {
    const { code, out } = await run(name, '--help');
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^Usage: ucoder ${name} `));
    // No option without a word on what it does.
    for (const line of out.split('\n').filter((text) => /^ {2}(-|\[|<)/.test(text)))
      expect(line).toMatch(/\S {2,}\S/);
  });
});

it('--version tells the version', async () => {
  expect(await run('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

describe('bad usage ends with 2, a message and no stack trace', () => {
  it.each([
    [[], /Usage: ucoder/],
    [['stauts'], /unknown command 'stauts'[\s\S]*Did you mean status\?/],
    [['status', '--jsno'], /unknown option '--jsno'[\s\S]*Did you mean --json\?/],
    [['report'], /missing required argument 'id'/],
    [['pause', 'a', 'b'], /too many arguments/],
    [['rollback', 'a', '--to', 'first'], /Write the number of an iteration/],
    [['stop', 'a', '--after', 'lunch'], /Allowed choices are now, problem, iteration/],
    [['retune', 'a', '--set', 'candidates'], /Write section\.key=value, for example/],
    [['retune', 'a', '--set', 'candidates.count={'], /The value is no YAML/],
    [
      ['worker', '--queues', 'model,gpu'],
      /There is no queue gpu\. Queues: control, model, sandbox, training/,
    ],
    [['retry', 'a', '--from', 'lunch'], /Allowed choices are failed, problems, train, validate/],
    [['select', '-', '--strategy', 'concensus'], /There is no strategy "concensus"[\s\S]*consensus/],
    [['worker'], /required option '--queues <names>' not specified/],
    [['start', 'a.yaml', '--pairs-per-second', '3'], /go with --dry-run/],
    [['start', '/nowhere/a.yaml'], /Cannot read \/nowhere\/a\.yaml/],
    [['validate', '.'], /Cannot read \./],
  ] as const)('%j', async (words, message) => {
    const { code, out, err } = await run(...words);
    expect(err).toMatch(message);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).not.toMatch(/\n\s+at |fault of ours/);
  });

  it('names the line, the key and what was probably meant in a campaign file', async () => {
    const file = join(folder, 'a.yaml');
    await writeFile(file, 'name: a\nmodel: {base: smollm2-135m-instruct}\ncandidates:\n  cuont: 8\n');
    const { code, err } = await run('validate', file);
    expect(code).toBe(2);
    expect(err).toMatch(/a\.yaml:4.*cuont.*did you mean "count"/);
  });

  it('names an environment variable that cannot be right', async () => {
    vi.stubEnv('UCODER_TEMPORAL_PORT', '72E3x');
    const { code, err } = await run('ps');
    expect(code).toBe(2);
    expect(err).toContain('UCODER_TEMPORAL_PORT is "72E3x"; it must be a port from 1 to 65535.');
  });
});

describe('a part that is not there ends with 1 and what to do', () => {
  it('names the server, and how to start it', async () => {
    const { code, err } = await run('status');
    expect(err).toContain('No Temporal server answers at 127.0.0.1:9');
    expect(err).toContain('Start it: npx ucoder up.');
    expect(code).toBe(1);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('says that nothing runs, where nothing was started', async () => {
    expect(await run('ps')).toMatchObject({
      code: 0,
      out: 'Nothing runs. Start the local stack: npx ucoder up\n',
    });
  });
});

describe('files that are no matrices', () => {
  it('shows no control character of a file, and keeps to one line', async () => {
    const file = join(folder, 'm.json');
    await writeFile(file, '{"id": "p",\n"tests": \u001b]0;title\u0007\n}');
    const { code, out, err } = await run('select', file);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('m.json:2: this is not JSON: ');
    expect(err.trimEnd().split('\n')).toHaveLength(2);
    expect(err).not.toMatch(/(?!\n)\p{Cc}/u);
  });

  it('says what stands for a number that JSON does not have', async () => {
    const file = join(folder, 'm.json');
    await writeFile(file, '{"id": "p", "tests": [], "candidates": [{"id": "a", "perplexity": NaN}]}');
    const { code, err } = await run('select', file);
    expect(code).toBe(2);
    expect(err).toContain('JSON has no NaN and no Infinity: leave the field out.');
  });

  it('says that a folder is no file, and that a file is too large', async () => {
    const ofFolder = await run('select', folder);
    expect(ofFolder).toMatchObject({ code: 2, err: expect.stringContaining('it is a folder, not a file') });
    const large = join(folder, 'large.jsonl');
    await writeFile(large, '');
    await truncate(large, 3 * 2 ** 30);
    expect(await run('select', large)).toMatchObject({
      code: 2,
      err: expect.stringContaining('is too large to be read at once. Split it into several files.'),
    });
  });

  it('takes no bytes that are no text', async () => {
    const file = join(folder, 'latin1.json');
    await writeFile(file, Buffer.from('{"id": "caf\u00e9", "tests": [], "candidates": []}', 'latin1'));
    expect(await run('select', file)).toMatchObject({
      ...{ code: 2, out: '' },
      err: expect.stringContaining('latin1.json is not text in UTF-8.'),
    });
  });

  it('names the folder that is not there before the store that does not answer', async () => {
    const { code, err } = await run('ablate', 'matrixes');
    expect(code).toBeGreaterThan(0);
    expect(err).toMatch(/^ucoder: There is no folder or file matrixes, and campaigns cannot be looked up\. /);
  });
});
