/** The form `json-schema`: one zod schema that the server is constrained by and that reads the answer. */
import { z } from 'zod';
import { type Parsed, parsed, unparsed } from './parsed.ts';

export type JsonSchemaDocument = Record<string, unknown>;

export const jsonSchemaOf = (schema: z.ZodType): JsonSchemaDocument => {
  const { $schema: _, ...document } = z.toJSONSchema(schema);
  return document;
};

/** Reads the whole answer as one JSON document; a Markdown fence around it is taken off first. */
export const parseJsonForm = <T>(answer: string, schema: z.ZodType<T>): Parsed<T> => {
  const text = answer.trim().replace(/^```(?:json)?\s*\n([\s\S]*?)\n?```$/, '$1');
  if (text === '') return unparsed('empty-answer');
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return unparsed('json-invalid');
  }
  const result = schema.safeParse(document);
  return result.success ? parsed(result.data) : unparsed('json-schema-mismatch');
};
