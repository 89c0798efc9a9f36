/** Programs that differ only where most programs cannot look: their docstrings, or the numbers of their lines. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../activities/sandbox/executor.ts';
import { batchOf, resultOf, testExecutor } from '../support/docker.ts';

const documented =
  (how: string, before = '') =>
  (text: number): string =>
    `${before}\ndef g():\n    """${text}"""\ndef f(x):\n    return int(${how})\n`;

const numbered =
  (how: string, before = '') =>
  (line: number): string =>
    `${before}\n${'#\n'.repeat(line)}def g(): 1 / 0\ndef f(x):\n    ${how}\n`;

/** How it looks, and a program that gives the number that stands where it looks. */
const LOOKS: readonly (readonly [string, (number: number) => string])[] = [
  ['by a format', documented('("{0.__d" + "oc__}").format(g)')],
  ['by a format of a format', documented('"{{0.__d{}__}}".format("oc").format(g)')],
  ['by an attribute’s getter', documented('operator.attrgetter("__do" + "c__")(g)', 'import operator')],
  ['by the object’s own method', documented('object.__getattribute__(g, "__do" + "c__")')],
  ['by a name in other letters', documented('\uff47etattr(g, "__do" + "c__")')],
  ['by a module that documents', documented('pydoc.getdoc(g)', 'import pydoc')],
  ['through a module’s modules', documented('enum.sys.modules["pydoc"].getdoc(g)', 'import enum, pydoc')],
  [
    'by a dataclass that shows it',
    (text) =>
      `from dataclasses import dataclass\n@dataclass\nclass A:\n    """${text}"""\n    __doc__: str\ndef f(x):\n    return int(repr(A()).split("'")[1])\n`,
  ],
  [
    'by a profile',
    numbered(
      'p = cProfile.Profile()\n    try: p.runcall(g)\n    except ZeroDivisionError: pass\n    p.create_stats()\n    return next(k[1] for k in p.stats if k[2] == "g") - 2',
      'import cProfile',
    ),
  ],
  [
    'by an exception that nobody caught',
    numbered(
      'class D:\n        def __del__(self): g()\n    out = io.StringIO()\n    with contextlib.redirect_stderr(out): D()\n    return int(re.findall("line (\\\\d+), in g", out.getvalue())[0]) - 2',
      'import contextlib, io, re',
    ),
  ],
];

describe('a program that looks at its own text', () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await testExecutor({ containers: 1 });
  }, 120_000);
  afterAll(() => executor.close());

  it.each(LOOKS)('%s is not taken for another one', async (_, program) => {
    const tests = [{ id: 't', call: 'f(1)', expected: '5' }];
    const matrix = await executor.execute(batchOf({ tests, codes: [5, 6].map(program) }));
    expect(matrix.candidates.map(({ outputs }) => outputs)).toEqual([['5'], ['6']]);
  });

  it('is not helped by blank space that is an error', async () => {
    const tests = [{ id: 't', call: 'f(1)', expected: '1' }];
    const honest = 'def f(x): return x';
    const codes = ['\n', '\u00a0', '\u3000', '\ufeff', '\u2028'].map((end) => honest + end);
    const matrix = await executor.execute(batchOf({ tests, codes: [...codes, `${honest}\nx = 1\\\n\n`] }));
    expect(matrix.candidates.map(({ outcomes }) => outcomes[0])).toEqual([
      'pass',
      ...['error', 'error', 'error', 'error'],
      'pass',
    ]);
    expect(resultOf(matrix, 0).outputs).toEqual(['1']);
  });
});
