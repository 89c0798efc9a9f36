/** Python's number literals: any base, underscores, exponents, an imaginary part. */
import type { TextCursor } from './text-cursor.ts';
import type { Value } from './value.ts';

const BASED = /0(?:[xX](?:_?[0-9a-fA-F])+|[oO](?:_?[0-7])+|[bB](?:_?[01])+)(?![\w.])/y;
const DIGITS = '[0-9](?:_?[0-9])*';
const DECIMAL = new RegExp(
  `(?:${DIGITS}\\.(?:${DIGITS})?|\\.${DIGITS}|${DIGITS})(?:[eE][+-]?${DIGITS})?[jJ]?(?!\\w)`,
  'y',
);

export const parseNumber = (cursor: TextCursor): Value | undefined => {
  const based = cursor.takeMatch(BASED);
  if (based !== undefined) return { type: 'int', value: BigInt(based.replaceAll('_', '').toLowerCase()) };
  const text = cursor.takeMatch(DECIMAL)?.replaceAll('_', '');
  if (text === undefined) return undefined;
  if (/[jJ]$/.test(text)) return { type: 'complex', real: 0, imaginary: Number(text.slice(0, -1)) };
  if (/[.eE]/.test(text)) return { type: 'float', value: Number(text) };
  if (/^0+[1-9]/.test(text)) throw cursor.error('leading zeros are not part of a literal');
  return { type: 'int', value: BigInt(text) };
};
