/** Whether a value can stand where a type hint stands. Only a plain contradiction counts; doubt never does. */
import { LiteralError, parseLiteral } from '../values/parse-literal.ts';
import type { Value } from '../values/value.ts';
import { splitList } from './split-list.ts';

/** False where the text is a literal of another type than the hint names. */
export const literalFits = (text: string, hint: string): boolean => {
  try {
    return fits(parseLiteral(text), hint.trim());
  } catch (thrown) {
    if (thrown instanceof LiteralError) return true;
    throw thrown;
  }
};

/** The types of values that each hint takes: PEP 484's numeric tower, and the abstract collections. */
const TAKES: Record<string, readonly Value['type'][]> = {
  None: ['none'],
  bool: ['bool'],
  int: ['int', 'bool'],
  float: ['float', 'int', 'bool'],
  complex: ['complex', 'float', 'int', 'bool'],
  str: ['str'],
  bytes: ['bytes'],
  list: ['list'],
  dict: ['dict'],
  tuple: ['tuple'],
  set: ['set', 'frozenset'],
  frozenset: ['frozenset', 'set'],
  List: ['list'],
  Dict: ['dict'],
  Mapping: ['dict'],
  Tuple: ['tuple'],
  Set: ['set', 'frozenset'],
  FrozenSet: ['frozenset', 'set'],
  Sequence: ['list', 'tuple', 'str', 'bytes'],
  Iterable: ['list', 'tuple', 'str', 'bytes', 'set', 'frozenset', 'dict'],
};

const fits = (value: Value, hint: string): boolean => {
  const alternatives = unionMembers(hint);
  if (alternatives.length > 1) return alternatives.some((alternative) => fits(value, alternative));
  const read = /^(\w+)(?:\[(.*)\])?$/s.exec(hint);
  const name = read?.[1];
  if (name === undefined) return true;
  const inside = read?.[2] === undefined ? [] : (splitList(read[2]) ?? []);
  if (name === 'Optional') return value.type === 'none' || inside.every((inner) => fits(value, inner));
  if (name === 'Union') return inside.length === 0 || inside.some((inner) => fits(value, inner));
  const takes = TAKES[name];
  if (takes === undefined) return true;
  return takes.includes(value.type) && contentFits(value, inside);
};

const contentFits = (value: Value, inside: readonly string[]): boolean => {
  const [first, second] = inside;
  if (first === undefined) return true;
  switch (value.type) {
    case 'dict':
      return value.entries.every(
        ([key, held]) => fits(key, first) && (second === undefined || fits(held, second)),
      );
    case 'tuple':
      if (inside.length === 1 || second === '...') return value.items.every((item) => fits(item, first));
      return (
        value.items.length === inside.length && value.items.every((item, at) => fits(item, inside[at] ?? ''))
      );
    case 'list':
    case 'set':
    case 'frozenset':
      return value.items.every((item) => fits(item, first));
    default:
      return true;
  }
};

/** The members of `int | str`; bars within brackets belong to their own hint. */
const unionMembers = (hint: string): string[] => {
  const members: string[] = [''];
  let depth = 0;
  for (const character of hint) {
    if (character === '[') depth += 1;
    if (character === ']') depth -= 1;
    if (character === '|' && depth === 0) members.push('');
    else members.push((members.pop() ?? '') + character);
  }
  return members.map((member) => member.trim());
};
