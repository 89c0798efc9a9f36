/** Python's `==` on plain data, except that NaN equals NaN; with a tolerance on request. */
import { floatText } from './float-text.ts';
import type { Value } from './value.ts';

/** Equal values have equal keys, and no others do: True, 1, 1.0 and 1+0j share one. */
export const equalityKey = (value: Value): string => {
  switch (value.type) {
    case 'none':
      return 'N';
    case 'bool':
      return value.value ? '1' : '0';
    case 'int':
      return intKey(value.value);
    case 'float':
      return numberKey(value.value);
    case 'complex': {
      const real = numberKey(value.real);
      return value.imaginary === 0 ? real : `${real}+${numberKey(value.imaginary)}j`;
    }
    // The length keeps what follows from being read as part of the text.
    case 'str':
      return `s${[value.value.length, ...(value.cuts ?? [])].join('/')}:${value.value}`;
    case 'bytes':
      return `b${value.value.length}:${value.value}`;
    case 'list':
      return `[${value.items.map(equalityKey).join(',')}]`;
    case 'tuple':
      return `(${value.items.map(equalityKey).join(',')})`;
    case 'set':
    case 'frozenset':
      return `<${value.items.map(equalityKey).sort().join(',')}>`;
    case 'dict': {
      const pairs = value.entries.map(([key, held]) => `${equalityKey(key)}=${equalityKey(held)}`);
      return `{${pairs.sort().join(',')}}`;
    }
  }
};

/**
 * Small integers are their digits. Larger ones that a float can be have that float's text: 1e22 == 10**22. Others are in
 * base 16, since a million decimal digits take a tenth of a second.
 */
const intKey = (value: bigint): string => {
  const float = Number(value);
  if (Number.isSafeInteger(float)) return value.toString();
  if (Number.isFinite(float) && BigInt(float) === value) return floatText(float);
  return `x${value.toString(16)}`;
};

const numberKey = (value: number): string => (Number.isSafeInteger(value) ? String(value) : floatText(value));

export const valuesEqual = (left: Value, right: Value): boolean => equalityKey(left) === equalityKey(right);

type Complex = { readonly real: number; readonly imaginary: number };

/** The value as a number, and whether the tolerance applies to it: integers are compared as they are. */
const asNumber = (value: Value): (Complex & { inexact: boolean }) | undefined => {
  if (value.type === 'complex') return { ...value, inexact: true };
  if (value.type === 'float') return { real: value.value, imaginary: 0, inexact: true };
  if (value.type === 'int') return { real: Number(value.value), imaginary: 0, inexact: false };
  if (value.type === 'bool') return { real: value.value ? 1 : 0, imaginary: 0, inexact: false };
  return undefined;
};

/** As `==`, and floats anywhere in the value are equal when |actual − expected| ≤ tolerance · max(1, |expected|). */
export const equalWithin = (actual: Value, expected: Value, tolerance: number): boolean => {
  if (valuesEqual(actual, expected)) return true;
  const a = asNumber(actual);
  const b = asNumber(expected);
  if (a && b) {
    if (!a.inexact && !b.inexact) return false;
    const difference = Math.hypot(a.real - b.real, a.imaginary - b.imaginary);
    return (
      Number.isFinite(difference) && difference <= tolerance * Math.max(1, Math.hypot(b.real, b.imaginary))
    );
  }
  const equal = (x: Value, y: Value) => equalWithin(x, y, tolerance);
  if ((actual.type === 'list' || actual.type === 'tuple') && actual.type === expected.type) {
    if (actual.items.length !== expected.items.length) return false;
    return actual.items.every((item, index) => {
      const other = expected.items[index];
      return other !== undefined && equal(item, other);
    });
  }
  if (isSet(actual) && isSet(expected)) {
    const [left, right] = [finiteFloats(actual.items), finiteFloats(expected.items)];
    if (left && right && tolerance <= 1) return sortedWithin(left, right, tolerance);
    return canBePaired(actual.items, expected.items, equal);
  }
  if (actual.type === 'dict' && expected.type === 'dict') {
    const held = new Map(expected.entries.map(([key, value]) => [equalityKey(key), value]));
    const isEqual = ([key, value]: readonly [Value, Value]) => {
      const other = held.get(equalityKey(key));
      return other !== undefined && equal(value, other);
    };
    if (held.size === actual.entries.length && actual.entries.every(isEqual)) return true;
    return canBePaired(actual.entries, expected.entries, (x, y) => equal(x[0], y[0]) && equal(x[1], y[1]));
  }
  return false;
};

type SetValue = Extract<Value, { type: 'list' | 'tuple' | 'set' | 'frozenset' }>;
const isSet = (value: Value): value is SetValue => value.type === 'set' || value.type === 'frozenset';

const finiteFloats = (items: readonly Value[]): number[] | undefined => {
  const floats = items.flatMap((item) => (item.type === 'float' ? item.value : []));
  return floats.length === items.length && floats.every(Number.isFinite) ? floats : undefined;
};

/** Both ends of what is near enough to a float grow with it, so if any pairing does, that of the sorted ones does. */
const sortedWithin = (actual: readonly number[], expected: readonly number[], tolerance: number): boolean => {
  const [left, right] = [actual, expected].map((items) => [...items].sort((x, y) => x - y));
  if (!left || !right || left.length !== right.length) return false;
  return left.every((x, index) => {
    const y = right[index] ?? Number.NaN;
    return x === y || Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(y));
  });
};

/** Pairing takes the cube of the number: larger sets and dictionaries are equal only where they are exactly. */
const MOST_PAIRED = 500;

/** Whether each of `left` has a partner of its own in `right` (augmenting paths). */
const canBePaired = <T>(left: readonly T[], right: readonly T[], equal: (a: T, b: T) => boolean): boolean => {
  if (left.length !== right.length || left.length > MOST_PAIRED) return false;
  const partnerOf = new Map<number, number>();
  const assign = (from: number, tried: Set<number>): boolean => {
    const item = left[from];
    return right.some((candidate, to) => {
      if (item === undefined || tried.has(to) || !equal(item, candidate)) return false;
      tried.add(to);
      const holder = partnerOf.get(to);
      if (holder !== undefined && !assign(holder, tried)) return false;
      partnerOf.set(to, from);
      return true;
    });
  };
  return left.every((_, index) => assign(index, new Set()));
};
