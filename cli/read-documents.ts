/** Reads a file, or standard input, that holds one JSON document or one in each line, all of one form. */
import type { ZodType } from 'zod';
import { explainIssues, pathText } from '../core/config/explain-issues.ts';
import { messageOf, UcoderError } from '../core/errors.ts';
import { lineOfOffset, lineOfPath } from '../core/json-location.ts';
import { jsonFaultOffset } from '../core/json-syntax.ts';

export type DocumentForm = 'json' | 'json-lines';
export type Documents<T> = { form: DocumentForm; values: T[] };

/** A message with hundreds of lines is not read. */
const SHOWN_ISSUES = 5;

/**
 * The documents of `text`, every one checked. `place` is the file’s name as the user gave it, or `-`: its ending
 * tells the form, else the text does. Thrown: invalid-input, naming line and field.
 */
export const parseDocuments = <T>(text: string, place: string, schema: ZodType<T>): Documents<T> => {
  const name = place === '-' ? 'standard input' : place;
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const form = formOf(content, place);
  if (form === 'json') return { form, values: [parseOne(content, name, 1, schema)] };
  const values = content
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parseOne(line, name, index + 1, schema)]));
  return { form, values };
};

const formOf = (text: string, place: string): DocumentForm => {
  if (/\.(jsonl|ndjson)$/i.test(place)) return 'json-lines';
  if (/\.json$/i.test(place)) return 'json';
  const [first = '', ...others] = text.trim().split('\n');
  return others.length > 0 && isJson(first) ? 'json-lines' : 'json';
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const parseOne = <T>(text: string, name: string, firstLine: number, schema: ZodType<T>): T => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const offset = jsonFaultOffset(text);
    const line = firstLine + lineOfOffset(text, offset) - 1;
    const message = `${name}:${line}: this is not JSON: ${syntaxMessage(text, offset, cause)}`;
    throw new UcoderError('invalid-input', message, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = explainIssues(parsed.error, schema);
  const lines = issues.slice(0, SHOWN_ISSUES).map(({ path, message }) => {
    const line = firstLine + lineOfPath(text, path) - 1;
    return `${name}:${line}: ${pathText(path) || 'the document'}: ${message}`;
  });
  if (issues.length > SHOWN_ISSUES) lines.push(`and ${issues.length - SHOWN_ISSUES} more`);
  throw new UcoderError('invalid-input', lines.join('\n'));
};

const syntaxMessage = (text: string, offset: number, cause: unknown): string => {
  if (text.trim() === '') return 'it is empty.';
  // V8 quotes the text around the place, line breaks included.
  const message = `${messageOf(cause).replace(/\s+/g, ' ')}.`;
  return /^-?(?:NaN|Infinity)\b/.test(text.slice(offset, offset + 10))
    ? `${message} JSON has no NaN and no Infinity: leave the field out.`
    : message;
};
