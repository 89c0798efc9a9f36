import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runSelect, type SelectOptions } from '../../cli/commands/select.ts';
import { readNamedFile } from '../../cli/read-named-file.ts';
import { UcoderError } from '../../core/errors.ts';

const matrix = (id: string, ...rows: string[]) => ({
  id,
  tests: ['t1', 't2'],
  candidates: rows.map((bits, index) => ({
    id: `c${index + 1}`,
    outcomes: [...bits].map((bit) => (bit === '1' ? 'pass' : 'fail')),
    outputs: [...bits],
    durationMs: 1.5,
  })),
});

/** What `select` prints for a text under a name, or the error it ends with. */
const selectText = async (text: string, options: Partial<SelectOptions> = {}): Promise<string> => {
  let printed = '';
  const print = (part: string) => {
    printed += part;
  };
  const io = { read: async () => text, print };
  try {
    await runSelect({ source: '-', ...options }, io);
  } catch (thrown) {
    if (printed !== '') throw new Error(`printed before it failed: ${printed}`, { cause: thrown });
    if (thrown instanceof UcoderError) return `${thrown.code} (${thrown.exitCode}): ${thrown.message}`;
    throw thrown;
  }
  return printed;
};

describe('ucoder select', () => {
  it('answers JSON with JSON and JSON Lines with JSON Lines, in the same order', async () => {
    const one = matrix('p1', '11', '11', '10');
    expect(JSON.parse(await selectText(JSON.stringify(one, null, 2), { source: 'm.json' }))).toMatchObject({
      id: 'p1',
      selected: 'c1',
    });
    const lines = [matrix('p2', '11', '10'), one].map((value) => JSON.stringify(value)).join('\n');
    for (const source of ['m.jsonl', '-']) {
      const printed = await selectText(lines, { source });
      const results = printed
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(results).toMatchObject([
        { id: 'p2', selected: null },
        { id: 'p1', selected: 'c1' },
      ]);
    }
  });

  it('answers one line of standard input with one line', async () => {
    const printed = await selectText(JSON.stringify(matrix('p1', '11', '11')));
    expect(printed.trimEnd().split('\n')).toHaveLength(1);
  });

  it('reads what execute writes', async () => {
    const executed = {
      ...matrix('p1', '11', '11'),
      invalidTests: [{ id: 't9', reason: 'no literal' }],
      inProcess: ['t2'],
    };
    expect(await selectText(JSON.stringify(executed))).toContain('"selected":"c1"');
  });

  it('answers an empty .jsonl with nothing', async () => {
    expect(await selectText('\n', { source: 'm.jsonl' })).toBe('');
  });

  it('obeys its flags', async () => {
    const text = JSON.stringify(matrix('p1', '00', '00', '01'));
    expect(JSON.parse(await selectText(text))).toMatchObject({ selected: null });
    expect(JSON.parse(await selectText(text, { minClusterSize: 1 }))).toMatchObject({ selected: 'c3' });
    const strategy = 'random-passing';
    expect(JSON.parse(await selectText(text, { strategy, seed: 7 }))).toMatchObject({
      selected: 'c3',
      strategy,
    });
    const rejected = JSON.parse(await selectText(text, { reliability: 'passes', minReliability: 0.5 }));
    expect(rejected.rejected).toHaveLength(2);
  });

  it.each([
    ['[1, 2', 'm.jsonl', /^invalid-input \(2\): m\.jsonl:1: this is not JSON: /],
    ['', 'm.json', /^invalid-input \(2\): m\.json:1: this is not JSON: it is empty\.$/],
    ['[]', '-', /^invalid-input \(2\): standard input:1: the document: .*expected object/],
  ])('refuses %j in %s', async (text, source, message) => {
    expect(await selectText(text, { source })).toMatch(message);
  });

  const broken = async (
    change: (value: ReturnType<typeof matrix>) => unknown,
    pretty = false,
  ): Promise<string> => {
    const bad = change(matrix('p2', '11', '10'));
    return pretty
      ? selectText(JSON.stringify(bad, null, 2), { source: 'm.json' })
      : selectText(`${JSON.stringify(matrix('p1', '11'))}\n${JSON.stringify(bad)}\n`, { source: 'm.jsonl' });
  };

  it('names line, field and the key that was probably meant', async () => {
    expect(
      await broken((value) => ({
        ...value,
        candidates: value.candidates.map(({ outcomes, ...rest }) => ({ ...rest, outcome: outcomes })),
      })),
    ).toContain('m.jsonl:2: candidates[0].outcome: unknown key "outcome"; did you mean "outcomes"?');
    expect(await broken((value) => ({ ...value, candidates: undefined }))).toBe(
      'invalid-input (2): m.jsonl:2: candidates: is required',
    );
    expect(
      await broken((value) => ({ ...value, candidates: [{ id: 'c1', outcomes: ['pass', 'passed'] }] }), true),
    ).toMatch(/^invalid-input \(2\): m\.json:12: candidates\[0\]\.outcomes\[1\]: /);
  });

  it('refuses duplicate ids, ids with control characters and rows of another length', async () => {
    expect(
      await broken((value) => ({ ...value, candidates: [...value.candidates, value.candidates[0]] })),
    ).toBe('invalid-input (2): m.jsonl:2: candidates[2].id: "c1" is already the id of candidates[0]');
    expect(await broken((value) => ({ ...value, tests: ['t1', 't1'] }))).toBe(
      'invalid-input (2): m.jsonl:2: tests[1]: "t1" is already the id of tests[0]',
    );
    expect(await broken((value) => ({ ...value, id: 'p\n2' }))).toContain(
      'id: must not contain control characters',
    );
    expect(await broken((value) => ({ ...value, id: '' }))).toContain('m.jsonl:2: id: ');
    expect(await broken((value) => ({ ...value, tests: ['t1'] }))).toContain(
      'm.jsonl:2: candidates[0].outcomes: has 2 entries for 1 tests',
    );
  });

  it('takes every other setting of selection, and reports rules that lack their input', async () => {
    const set = { nonTrivial: ['empty-body'], minShare: 0.5 };
    const bare = JSON.parse(await selectText(JSON.stringify(matrix('p1', '11', '11', '10')), { set }));
    expect(bare.selected).toBe('c1');
    expect(bare.rules).toContainEqual({ rule: 'empty-body', refused: 0, notEvaluated: 1 });
    const value = matrix('p1', '11', '11', '10');
    const described = {
      ...value,
      tests: ['f(1)', 'f(2)'].map((call, index) => ({ id: `t${index + 1}`, call })),
      candidates: value.candidates.map((one) => ({ ...one, code: 'def f(x):\n    return 1\n' })),
    };
    const constant = { set: { nonTrivial: ['constant-output', 'empty-body'] } };
    const refused = JSON.parse(await selectText(JSON.stringify(described), constant));
    expect(refused.selected).toBe(null);
    expect(refused.rules).toContainEqual({ rule: 'constant-output', refused: 1, notEvaluated: 0 });
  });

  it('names a setting that cannot be meant', async () => {
    const text = JSON.stringify(matrix('p1', '11', '11'));
    expect(await selectText(text, { set: { minShares: 0.1 } })).toBe(
      'usage (2): --set minShares: unknown key "minShares"; did you mean "minShare"?',
    );
    expect(await selectText(text, { set: { nonTrivial: ['empty'] } })).toMatch(
      /^usage \(2\): --set nonTrivial: /,
    );
    expect(await selectText(text, { set: { nonTrivial: 'empty-body' } })).toBe(
      'usage (2): --set nonTrivial: invalid input: expected array, received string',
    );
    expect(await selectText(text, { minReliability: 0.8, set: { minReliability: 0.5 } })).toBe(
      'usage (2): --set minReliability: has a flag of its own, --min-reliability.',
    );
  });

  it('refuses flags that cannot be meant', async () => {
    const text = JSON.stringify(matrix('p1', '11'));
    expect(await selectText(text, { strategy: 'consensis' })).toBe(
      'usage (2): There is no strategy "consensis". Did you mean consensus?',
    );
    expect(await selectText(text, { minReliability: 1.5 })).toMatch(/^usage \(2\): --min-reliability: /);
    expect(await selectText(text, { minClusterSize: 0 })).toMatch(/^usage \(2\): --min-cluster-size: /);
    expect(await selectText(text, { signature: 'outputs' })).toMatch(/^usage \(2\): --signature: /);
  });
});

describe('ucoder select --out', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ucoder-select-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('writes the file and nothing else', async () => {
    const source = join(folder, 'm.json');
    const out = join(folder, 'out.json');
    await writeFile(source, JSON.stringify(matrix('p1', '11', '11')));
    const printed: string[] = [];
    await runSelect({ source, out }, { read: readNamedFile, print: (part) => void printed.push(part) });
    expect(printed).toEqual([]);
    expect(JSON.parse(await readFile(out, 'utf8'))).toMatchObject({ selected: 'c1' });
    expect((await readdir(folder)).sort()).toEqual(['m.json', 'out.json']);
  });

  it('leaves no file behind where the input is bad or the folder is missing', async () => {
    const out = join(folder, 'out.json');
    expect(await selectText('{', { out })).toMatch(/^invalid-input/);
    expect(await readdir(folder)).toEqual([]);
    const text = JSON.stringify(matrix('p1', '11'));
    expect(await selectText(text, { out: join(folder, 'none', 'out.json') })).toMatch(
      /^file-missing \(2\): Cannot write/,
    );
  });
});
