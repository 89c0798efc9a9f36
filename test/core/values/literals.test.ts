/** Our reading, writing and comparing of Python's literals against CPython's own. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../core/values/canonical-text.ts';
import { equalWithin, valuesEqual } from '../../../core/values/equality.ts';
import { parseLiteral } from '../../../core/values/parse-literal.ts';
import { LiteralError } from '../../../core/values/text-cursor.ts';
import type { Value } from '../../../core/values/value.ts';

/** Reads literals as ast.literal_eval does, with our extensions, writes them canonically, and compares neighbours. */
const ORACLE = `
import ast, json, math, sys
sys.set_int_max_str_digits(0)
names = {'nan': math.nan, 'inf': math.inf, 'nanj': complex(0, math.nan), 'infj': complex(0, math.inf), 'set': set, 'frozenset': frozenset}
def canonical(v):
    if isinstance(v, list): return '[' + ', '.join(map(canonical, v)) + ']'
    if isinstance(v, tuple): return '(' + ', '.join(map(canonical, v)) + (',)' if len(v) == 1 else ')')
    if isinstance(v, set): return '{' + ', '.join(sorted(map(canonical, v))) + '}' if v else 'set()'
    if isinstance(v, frozenset): return 'frozenset({' + ', '.join(sorted(map(canonical, v))) + '})' if v else 'frozenset()'
    if isinstance(v, dict): return '{' + ', '.join(f'{k}: {w}' for k, w in sorted((canonical(k), canonical(w)) for k, w in v.items())) + '}'
    return repr(v)
values = [eval(text, names) for text in json.load(sys.stdin)]
json.dump({'texts': [canonical(v) for v in values], 'equal': [a == b for a, b in zip(values, values[1:])]}, sys.stdout)
`;

const ask = (texts: readonly string[]): { texts: string[]; equal: boolean[] } =>
  JSON.parse(
    execFileSync('python3', ['-c', ORACLE], { input: JSON.stringify(texts), maxBuffer: 1 << 28 }).toString(),
  );

/** Characters whose class is the same in every version of Unicode that matters here. */
const character = fc.oneof(
  fc.integer({ min: 0, max: 0x17f }).map((code) => String.fromCodePoint(code)),
  fc.constantFrom(
    '€',
    '\u200b',
    '\u2028',
    '\u3000',
    '\ufeff',
    '😀',
    '漢',
    '\ue000',
    '\u0301',
    "'",
    '"',
    '\\',
    '\n',
  ),
);
const text = fc.array(character, { maxLength: 8 }).map((parts) => parts.join(''));
const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constant<Value>({ type: 'none' }),
  fc.boolean().map((value): Value => ({ type: 'bool', value })),
  fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }).map((value): Value => ({ type: 'int', value })),
  fc.integer({ min: -3, max: 3 }).map((value): Value => ({ type: 'int', value: BigInt(value) })),
  fc.double({ noNaN: true }).map((value): Value => ({ type: 'float', value })),
  fc
    .constantFrom(0, -0, 1, 2, -1, 1e16, 1e22, 1e-5, 0.1, 1e15, 123456789012345680, Number.POSITIVE_INFINITY)
    .map((value): Value => ({ type: 'float', value })),
  fc
    .tuple(fc.constantFrom(1, -2.5, 1e20), fc.constantFrom(0, 1, -2.5, 1e-7))
    .map(([real, imaginary]): Value => ({ type: 'complex', real, imaginary })),
  text.map((value): Value => ({ type: 'str', value })),
  fc
    .string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 6 })
    .map((value): Value => ({ type: 'bytes', value })),
);
const hashable: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }).map((items): Value => ({ type: 'tuple', items })),
  ),
})).value;
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }).map((items): Value => ({ type: 'list', items })),
    fc.array(tie('value'), { maxLength: 4 }).map((items): Value => ({ type: 'tuple', items })),
    fc
      .array(hashable, { maxLength: 4 })
      .map((items): Value => parseLiteral(canonicalText({ type: 'set', items }))),
    fc
      .array(hashable, { maxLength: 4 })
      .map((items): Value => parseLiteral(canonicalText({ type: 'frozenset', items }))),
    fc
      .array(fc.tuple(hashable, tie('value')), { maxLength: 3 })
      .map((entries): Value => parseLiteral(canonicalText({ type: 'dict', entries }))),
  ),
})).value;

describe('literals', () => {
  it('are written as CPython writes them, and compare as CPython compares', () => {
    const samples = fc.sample(value, { numRuns: 3000, seed: 7 });
    const texts = samples.map(canonicalText);
    const oracle = ask(texts);
    expect(texts).toEqual(oracle.texts);
    expect(samples.slice(1).map((sample, index) => valuesEqual(samples[index] ?? sample, sample))).toEqual(
      oracle.equal,
    );
  });

  it('compare as CPython compares where values are alike', () => {
    const alike = fc.sample(
      fc.constantFrom(
        '0',
        '0.0',
        '-0.0',
        'False',
        '0j',
        '1',
        'True',
        '1.0',
        '(1+0j)',
        '10**0'.slice(0, 2),
        '[1]',
        '[True]',
        '(1,)',
        '{1}',
        'frozenset({True})',
        '{1: 2}',
        '{1.0: 2.0}',
        "'1'",
        "b'1'",
        '9007199254740993',
        '9007199254740992.0',
        '1e22',
        '10000000000000000000000',
        '9007199254740991.0',
        '18446744073709551616',
        '18446744073709551617',
        '1.8446744073709552e+19',
        '-18446744073709551616',
        '-1.8446744073709552e+19',
        `1${'0'.repeat(400)}`,
        '[[], ()]',
        '[(), []]',
        '{(1, 2.0)}',
        '{(1.0, 2)}',
        // Two halves of a pair are not the character that they would make.
        "'😀'",
        "'\\U0001f600'",
        "'\\ud83d\\ude00'",
        "'\\ud83d' '\\ude00'",
        "('\\ud83d', '\\ude00')",
        'inf',
        '-inf',
      ),
      { numRuns: 4000, seed: 3 },
    );
    const values = alike.map(parseLiteral);
    const ours = values.slice(1).map((later, index) => valuesEqual(values[index] ?? later, later));
    const oracle = ask(alike);
    expect(ours).toEqual(oracle.equal);
    expect(values.map(canonicalText)).toEqual(oracle.texts);
  });

  it('are read back from their own text', () => {
    fc.assert(
      fc.property(value, (sample) => {
        const written = canonicalText(sample);
        const read = parseLiteral(written);
        expect(canonicalText(read)).toBe(written);
        expect(valuesEqual(read, sample)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["'a' \"b\"  '''c\nd'''", "'abc\\nd'"],
    ["r'\\n'", "'\\\\n'"],
    ["b'\\x00\\377a' B'b'", "b'\\x00\\xffab'"],
    ["u'\\u00e9\\x41\\101\\U0001F600'", "'éAA😀'"],
    ["'\\q'", "'\\\\q'"],
    ["'a\\\nb'", "'ab'"],
    ['0x_ff', '255'],
    ['0b101', '5'],
    ['0o17', '15'],
    ['1_000.5e-1_0', '1.0005e-07'],
    ['.5', '0.5'],
    ['5.', '5.0'],
    ['1e400', 'inf'],
    ['--1', '1'],
    ['+ 1', '1'],
    ['1 + 2j', '(1+2j)'],
    ['-1-2J', '(-1-2j)'],
    ['(1)', '1'],
    ['(1,)', '(1,)'],
    ['()', '()'],
    ['[1, 2,]', '[1, 2]'],
    ['[ # comment\n1\n]', '[1]'],
    ['{1: 2, True: 3}', '{1: 3}'],
    ['{1, 1.0, True}', '{1}'],
    ["float('-Infinity')", '-inf'],
    ["float(' nan ')", 'nan'],
    ['frozenset([2, 1])', 'frozenset({1, 2})'],
    ['set()', 'set()'],
    ['-inf', '-inf'],
    ['00', '0'],
  ])('%s is %s', (source, canonical) => {
    expect(canonicalText(parseLiteral(source))).toBe(canonical);
  });

  it.each([
    '',
    ' ',
    'x',
    '1 +',
    '1 + 2',
    '[1',
    '1]',
    '[1,,2]',
    '{1: 2, 3}',
    '{[1]}',
    '{[]: 1}',
    '012',
    '1_',
    '0x',
    "'a",
    "'a\nb'",
    "f'a'",
    "'a' b'b'",
    'f()',
    'list()',
    'set(1)',
    'float("1")',
    '__import__("os")',
    '1 if 1 else 2',
    'True.real',
    '1; 2',
    'not 1',
    '-[1]',
    "'\\x4'",
    "'\\U00110000'",
    "b'é'",
    '['.repeat(300) + ']'.repeat(300),
    '1and 2',
    'lambda: 1',
    '*[1]',
    'constructor',
    'toString',
  ])('refuses %s', (source) => {
    expect(() => parseLiteral(source)).toThrow(LiteralError);
  });

  it('reads a megabyte quickly and never hangs on junk', () => {
    const long = `[${"'x', ".repeat(200_000)}]`;
    expect(parseLiteral(long)).toMatchObject({ type: 'list' });
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'[](){}:,\'"\\-+ 1.ejbrxn#\n'), maxLength: 60 }),
        (junk) => {
          try {
            parseLiteral(junk);
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(LiteralError);
          }
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('treats NaN as equal to NaN, wherever it stands', () => {
    const same = (a: string, b: string) => valuesEqual(parseLiteral(a), parseLiteral(b));
    expect(same('nan', "float('nan')")).toBe(true);
    expect(same('[nan, {nan}]', '[nan, {nan}]')).toBe(true);
    expect(same('{nan: 1}', '{nan: 1}')).toBe(true);
    expect(same('nan', '0')).toBe(false);
  });

  it.each([
    ['1.05', '1.0', 0.1, true],
    ['1.2', '1.0', 0.1, false],
    ['105.0', '100.0', 0.05, true],
    ['1', '2', 5, false],
    ['1', '1.05', 0.1, true],
    ['[1.0, (2.0,)]', '[1.01, (2.01,)]', 0.1, true],
    ['[1.0]', '(1.0,)', 0.1, false],
    ['{1.0, 2.0}', '{2.05, 1.05}', 0.1, true],
    ['{1.0, 1.05}', '{1.0, 3.0}', 0.1, false],
    ['{"a": 1.0}', '{"a": 1.05}', 0.1, true],
    ['inf', 'inf', 0.1, true],
    ['inf', '-inf', 0.1, false],
    ['inf', '1e308', 10, false],
    ['nan', 'nan', 0, true],
    ['1j', '1.05j', 0.1, true],
    ["'1.0'", '1.0', 10, false],
  ])('%s against %s within %d: %s', (actual, expected, tolerance, equal) => {
    expect(equalWithin(parseLiteral(actual), parseLiteral(expected), tolerance)).toBe(equal);
  });
});
