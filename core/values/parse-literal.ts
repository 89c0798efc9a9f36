/**
 * Reads a Python literal without running anything: what `ast.literal_eval` reads, and nan, inf, set(),
 * frozenset({…}) and float('nan'). Not read: \N{…}, which needs Unicode's table of names.
 */
import { equalityKey } from './equality.ts';
import { parseNumber } from './parse-number.ts';
import { parseString } from './parse-string.ts';
import { LiteralError, TextCursor } from './text-cursor.ts';
import type { Value } from './value.ts';

/** Deeper than any result may be (100), far from the end of our own stack. */
const MAX_DEPTH = 200;

/** Thrown: LiteralError. */
export const parseLiteral = (text: string): Value => {
  const cursor = new TextCursor(text);
  const value = sum(cursor, 0);
  cursor.skipSpace();
  if (!cursor.atEnd) throw cursor.error('unexpected text after the literal');
  return value;
};

/** Numbers may be `1+2j`; everything else is one atom. */
const sum = (cursor: TextCursor, depth: number): Value => {
  let left = signed(cursor, depth);
  for (;;) {
    cursor.skipSpace();
    const sign = cursor.takeOneOf('+-');
    if (sign === undefined) return left;
    const right = signed(cursor, depth);
    if (right.type !== 'complex' || (left.type !== 'int' && left.type !== 'float')) {
      throw cursor.error('an operator is not part of a literal');
    }
    const real = Number(left.value);
    left =
      sign === '+'
        ? { type: 'complex', real: real + right.real, imaginary: right.imaginary }
        : { type: 'complex', real: real - right.real, imaginary: -right.imaginary };
  }
};

const signed = (cursor: TextCursor, depth: number): Value => {
  cursor.skipSpace();
  let negative = false;
  let any = false;
  for (let sign = cursor.takeOneOf('+-'); sign !== undefined; sign = cursor.takeOneOf('+-')) {
    any = true;
    if (sign === '-') negative = !negative;
    cursor.skipSpace();
  }
  const value = atom(cursor, depth);
  if (!any) return value;
  if (value.type === 'int') return negative ? { type: 'int', value: -value.value } : value;
  if (value.type === 'float') return negative ? { type: 'float', value: -value.value } : value;
  if (value.type === 'complex') {
    // Python prints complex(0, -2) as -2j, so that is what -2j means here, though Python reads a real part of -0.
    const real = value.real === 0 ? 0 : -value.real;
    return negative ? { type: 'complex', real, imaginary: -value.imaginary } : value;
  }
  throw cursor.error('a sign needs a number');
};

const atom = (cursor: TextCursor, depth: number): Value => {
  if (depth > MAX_DEPTH) throw cursor.error(`nested deeper than ${MAX_DEPTH}`);
  cursor.skipSpace();
  const next = cursor.peek();
  if (next === '[') return { type: 'list', items: sequence(cursor, '[', ']', depth).items };
  if (next === '(') return parenthesised(cursor, depth);
  if (next === '{') return braces(cursor, depth);
  const text = parseString(cursor);
  if (text) return text;
  const number = parseNumber(cursor);
  if (number) return number;
  return named(cursor, depth);
};

const sequence = (cursor: TextCursor, open: string, close: string, depth: number) => {
  cursor.expect(open);
  const items: Value[] = [];
  for (;;) {
    cursor.skipSpace();
    if (cursor.take(close)) return { items, comma: items.length > 0 };
    items.push(sum(cursor, depth + 1));
    cursor.skipSpace();
    if (cursor.take(close)) return { items, comma: false };
    cursor.expect(',');
  }
};

const parenthesised = (cursor: TextCursor, depth: number): Value => {
  const { items, comma } = sequence(cursor, '(', ')', depth);
  const [only] = items;
  return items.length === 1 && !comma && only ? only : { type: 'tuple', items };
};

const braces = (cursor: TextCursor, depth: number): Value => {
  cursor.expect('{');
  cursor.skipSpace();
  if (cursor.take('}')) return { type: 'dict', entries: [] };
  const first = sum(cursor, depth + 1);
  cursor.skipSpace();
  if (!cursor.take(':')) return { type: 'set', items: unique(cursor, [first, ...rest(cursor, depth)]) };
  const entries: [Value, Value][] = [[first, sum(cursor, depth + 1)]];
  for (;;) {
    cursor.skipSpace();
    if (cursor.take('}')) break;
    cursor.expect(',');
    cursor.skipSpace();
    if (cursor.take('}')) break;
    const key = sum(cursor, depth + 1);
    cursor.skipSpace();
    cursor.expect(':');
    entries.push([key, sum(cursor, depth + 1)]);
  }
  return { type: 'dict', entries: withUniqueKeys(cursor, entries) };
};

/** The members after the first, up to the closing brace. */
const rest = (cursor: TextCursor, depth: number): Value[] => {
  const items: Value[] = [];
  for (;;) {
    cursor.skipSpace();
    if (cursor.take('}')) return items;
    cursor.expect(',');
    cursor.skipSpace();
    if (cursor.take('}')) return items;
    items.push(sum(cursor, depth + 1));
  }
};

const isHashable = (value: Value): boolean => {
  if (value.type === 'tuple') return value.items.every(isHashable);
  return value.type !== 'list' && value.type !== 'set' && value.type !== 'dict';
};

const isNan = (value: Value): boolean => value.type === 'float' && Number.isNaN(value.value);

/** Python keeps the first of equal members; NaNs may stand side by side. */
const unique = (cursor: TextCursor, items: readonly Value[]): Value[] => {
  const seen = new Set<string>();
  return items.filter((item) => {
    if (!isHashable(item)) throw cursor.error(`a ${item.type} cannot be a member of a set`);
    if (isNan(item)) return true;
    const key = equalityKey(item);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
};

/** Python keeps the first of equal keys with the last value. */
const withUniqueKeys = (cursor: TextCursor, entries: readonly [Value, Value][]): [Value, Value][] => {
  const kept = new Map<string, [Value, Value]>();
  entries.forEach(([key, held], index) => {
    if (!isHashable(key)) throw cursor.error(`a ${key.type} cannot be a key`);
    const text = isNan(key) ? `nan${index}` : equalityKey(key);
    kept.set(text, [kept.get(text)?.[0] ?? key, held]);
  });
  return [...kept.values()];
};

const NAMES: Readonly<Record<string, Value>> = {
  None: { type: 'none' },
  True: { type: 'bool', value: true },
  False: { type: 'bool', value: false },
  nan: { type: 'float', value: Number.NaN },
  inf: { type: 'float', value: Number.POSITIVE_INFINITY },
  nanj: { type: 'complex', real: 0, imaginary: Number.NaN },
  infj: { type: 'complex', real: 0, imaginary: Number.POSITIVE_INFINITY },
};

const named = (cursor: TextCursor, depth: number): Value => {
  const name = cursor.takeMatch(/[A-Za-z_]\w*/y);
  if (name === undefined) throw cursor.error('a literal was expected');
  if (Object.hasOwn(NAMES, name)) return NAMES[name] ?? { type: 'none' };
  cursor.skipSpace();
  if (cursor.peek() !== '(') throw cursor.error(`${name} is not a literal`);
  const { items } = sequence(cursor, '(', ')', depth);
  const [argument] = items;
  if (items.length <= 1 && (name === 'set' || name === 'frozenset')) {
    if (argument === undefined) return { type: name, items: [] };
    if ('items' in argument) return { type: name, items: unique(cursor, argument.items) };
  }
  if (items.length === 1 && name === 'float' && argument?.type === 'str') {
    const value = floatName(argument.value);
    if (value !== undefined) return { type: 'float', value };
  }
  throw cursor.error(`${name}(…) is not a literal`);
};

const floatName = (text: string): number | undefined => {
  const match = /^\s*([+-]?)(nan|inf|infinity)\s*$/i.exec(text);
  if (!match) return undefined;
  if (match[2]?.toLowerCase() === 'nan') return Number.NaN;
  return match[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
};

export { LiteralError };
