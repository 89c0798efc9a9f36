/** The form `json-schema`: one zod schema that the server is constrained by and that reads the answer. */
import { z } from 'zod';
import { type Parsed, parsed, unparsed } from './parsed.ts';

export type JsonSchemaDocument = Record<string, unknown>;

export const jsonSchemaOf = (schema: z.ZodType): JsonSchemaDocument => {
  const { $schema: _, ...document } = z.toJSONSchema(schema);
  return document;
};

/**
 * Reads the whole answer as one JSON document; a Markdown fence around it is taken off first. Halves of surrogate
 * pairs that the model wrote as escapes become U+FFFD: no store, tokenizer or other program takes them.
 */
export const parseJsonForm = <T>(answer: string, schema: z.ZodType<T>): Parsed<T> => {
  const text = withoutFence(answer.trim());
  if (text === '') return unparsed('empty-answer');
  let document: unknown;
  try {
    document = JSON.parse(text, wellFormed);
  } catch {
    // A SyntaxError, or a RangeError: nested deeper than the reader's own stack goes.
    return unparsed('json-invalid');
  }
  const result = schema.safeParse(document);
  return result.success ? parsed(result.data) : unparsed('json-schema-mismatch');
};

const wellFormed = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed() : value;

const FENCE = '```';

/** By hand: a pattern for both ends at once tries every line break behind the first fence with every end. */
const withoutFence = (text: string): string => {
  const start = /^```(?:json)?\s*\n/.exec(text)?.[0].length;
  const end = text.length - FENCE.length;
  if (start === undefined || start > end || !text.endsWith(FENCE)) return text;
  return text.slice(start, end).replace(/\n$/, '');
};
