import { beforeAll, describe, expect, it } from 'vitest';
import { createLintActivities } from '../../../activities/selection/lint-activities.ts';
import { countFindings } from '../../../activities/selection/ruff.ts';
import { createSelectionActivities } from '../../../activities/selection/selection-activities.ts';
import type { ObjectStore } from '../../../activities/store/object-store.ts';
import { SelectionConfig } from '../../../core/config/selection-config.ts';
import { layout } from '../../../core/layout.ts';
import { Selection } from '../../../core/selection/selection.ts';
import { storeSolvedProblem } from '../../support/campaign-objects.ts';
import { pythonInterpreter } from '../../support/python.ts';
import { testStore } from '../../support/store.ts';

const count = async (...codes: string[]) =>
  countFindings(
    await pythonInterpreter(),
    codes.map((code, index) => ({ id: `c${index}`, code })),
    new AbortController().signal,
  );

describe('ruff in the trainer’s Python', () => {
  it('counts findings, and obeys neither comments nor settings of a source', async () => {
    expect(
      await count(
        'def f(x):\n    return x + 1\n',
        'import os\n\n\ndef f(x):\n    return y\n',
        '# ruff: noqa\nimport os  # noqa\n\n\ndef f(x):\n    return y  # noqa: F821\n',
        'def f(x)\n    return x\n',
      ),
    ).toEqual({ c0: 0, c1: 2, c2: 2, c3: expect.any(Number) });
  });

  it('counts a syntax error as a finding', async () => {
    expect((await count('def f(:\n')).c0).toBeGreaterThan(0);
  });

  it('never runs a source, and outlasts one that is not text', async () => {
    const hostile = 'raise SystemExit("ran")\nimport os; os._exit(3)\n';
    const findings = await count(
      hostile,
      '\u0000\uFFFF',
      `x = ${'('.repeat(20_000)}`,
      'def f():\n    return 1\n',
    );
    expect(findings.c3).toBe(0);
    expect(findings.c0).toBeGreaterThanOrEqual(0);
  });

  it('counts as many findings as there are, whatever stands in their messages', async () => {
    const placeholder = 'x = "%(a\\n\u2028b)s" % {"c": 1}\n';
    expect(await count('y\n'.repeat(130_000), placeholder, 'def f(x):\n    return x\n')).toEqual({
      c0: 260_000,
      c1: expect.toSatisfy((findings: number) => findings > 0),
      c2: 0,
    });
  });

  it('has a value for every odd text, and no comment of a candidate lowers it', async () => {
    const bad = 'import os\n\n\ndef f(x):\n    return y\n';
    const silent = [
      bad.replaceAll('\n', '  # noqa\n'),
      `# ruff: noqa\n${bad}`,
      `# ruff: noqa: F401, F821\n${bad}`,
      `# flake8: noqa\n${bad}`,
      `# ruff: disable[F401, F821]\n${bad}# ruff: enable[F401, F821]\n`,
      `# isort: skip_file\n# @generated\n${bad}`,
      `# /// script\n# requires-python = ">=3.11"\n# [tool.ruff]\n# lint.ignore = ["ALL"]\n# ///\n${bad}`,
      `\ufeff${bad}`,
      bad.replaceAll('\n', '\r'),
    ];
    const worse = [
      `${bad}# \u0000\n`,
      `${bad}z = "\ud800"\n`,
      'def f(x)\n    return y\n',
      `import os\n${'x = 1\n'.repeat(170_000)}`,
    ];
    const findings = await count(bad, ...silent, ...worse, '', ' \n');
    const of = (index: number) => findings[`c${index}`] ?? Number.NaN;
    expect(of(0)).toBe(2);
    for (const [index, code] of silent.entries()) expect.soft(of(index + 1), code).toBe(2);
    for (const index of worse.keys()) expect.soft(of(index + 1 + silent.length)).toBeGreaterThan(0);
    expect([of(1 + silent.length + worse.length), of(2 + silent.length + worse.length)]).toEqual([0, 0]);
  });

  it('answers nothing for nothing', async () => {
    expect(await count()).toEqual({});
  });
});

describe('lintCandidates', () => {
  let store: ObjectStore;
  let campaignId: string;
  beforeAll(async () => {
    const made = await testStore();
    store = made.store;
    campaignId = made.prefix;
  });

  it('lints the members of clusters that may decide, and selection reads what it found', async () => {
    const policy = SelectionConfig.parse({
      signature: 'output',
      tieBreakers: ['lint'],
      vetoes: [{ signal: 'lint', max: 0 }],
    });
    const chunks = await storeSolvedProblem(store, campaignId, 1, 'p0001', [
      { outputs: ['1', '2'] },
      { outputs: ['1', '2'] },
      { outputs: ['3', '4'] },
    ]);
    const step = { campaignId, iteration: 1, seed: 1, problemId: 'p0001', chunks, policy };
    const { lintCandidates } = createLintActivities({ store, python: pythonInterpreter });
    expect(await lintCandidates(step)).toMatchObject({ linted: 2 });
    expect(await lintCandidates(step)).toMatchObject({ linted: 2 });
    await createSelectionActivities({ store }).selectCandidate(step);
    const key = layout.work({ campaignId }, 1, 'selections', 'p0001.json');
    const selection = await store.readJson(key, Selection);
    expect(selection.selected).toBe('c0001');
    expect(selection.vetoes).toEqual([{ signal: 'lint', vetoed: 0, notEvaluated: 1 }]);
  });
});
