/** Python's plain data as tagged values, so that 1, 1.0 and True stay three things. */
export type Value =
  | { readonly type: 'none' }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'complex'; readonly real: number; readonly imaginary: number }
  /** `cuts`: where two halves of a surrogate pair meet and are two characters, which UTF-16 cannot say. */
  | { readonly type: 'str'; readonly value: string; readonly cuts?: readonly number[] }
  /** One character a byte, U+0000 to U+00FF. */
  | { readonly type: 'bytes'; readonly value: string }
  | { readonly type: 'list' | 'tuple' | 'set' | 'frozenset'; readonly items: readonly Value[] }
  | { readonly type: 'dict'; readonly entries: readonly (readonly [Value, Value])[] };

/** Python's truth of a value: what `not value` and `assert value` ask. */
export const isTruthy = (value: Value): boolean => {
  switch (value.type) {
    case 'none':
      return false;
    case 'bool':
      return value.value;
    case 'int':
      return value.value !== 0n;
    case 'float':
      return value.value !== 0;
    case 'complex':
      return value.real !== 0 || value.imaginary !== 0;
    case 'str':
    case 'bytes':
      return value.value !== '';
    case 'dict':
      return value.entries.length > 0;
    default:
      return value.items.length > 0;
  }
};
