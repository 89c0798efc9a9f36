/** The one text of a value: members of sets and keys of dicts in the order of their text, numbers as Python prints them. */
import { bareFloatText, floatText } from './float-text.ts';
import { bytesText, stringText } from './string-text.ts';
import type { Value } from './value.ts';

/** Order by code points, as Python sorts text; UTF-16 puts U+FF00 behind what lies above U+FFFF. */
export const compareText = (left: string, right: string): number => {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return isSurrogate(a) === isSurrogate(b) ? a - b : isSurrogate(a) ? 1 : -1;
  }
  return left.length - right.length;
};

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

export const complexText = (real: number, imaginary: number): string => {
  const imaginaryText = `${bareFloatText(imaginary)}j`;
  if (Object.is(real, 0)) return imaginaryText;
  const sign = imaginaryText.startsWith('-') ? '' : '+';
  return `(${bareFloatText(real)}${sign}${imaginaryText})`;
};

export const canonicalText = (value: Value): string => {
  switch (value.type) {
    case 'none':
      return 'None';
    case 'bool':
      return value.value ? 'True' : 'False';
    case 'int':
      return value.value.toString();
    case 'float':
      return floatText(value.value);
    case 'complex':
      return complexText(value.real, value.imaginary);
    case 'str':
      return stringText(value.value, value.cuts);
    case 'bytes':
      return bytesText(value.value);
    case 'list':
      return `[${value.items.map(canonicalText).join(', ')}]`;
    case 'tuple':
      return `(${value.items.map(canonicalText).join(', ')}${value.items.length === 1 ? ',' : ''})`;
    case 'set':
      return value.items.length === 0 ? 'set()' : `{${sortedTexts(value.items).join(', ')}}`;
    case 'frozenset':
      return value.items.length === 0 ? 'frozenset()' : `frozenset({${sortedTexts(value.items).join(', ')}})`;
    case 'dict': {
      const pairs = value.entries.map(([key, held]) => [canonicalText(key), canonicalText(held)] as const);
      pairs.sort((a, b) => compareText(a[0], b[0]));
      return `{${pairs.map(([key, held]) => `${key}: ${held}`).join(', ')}}`;
    }
  }
};

const sortedTexts = (items: readonly Value[]): string[] => items.map(canonicalText).sort(compareText);
