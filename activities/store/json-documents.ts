/** JSON and JSON Lines in one canonical form, so that equal values are equal bytes. */
import type { ZodType } from 'zod';
import { UcoderError } from '../../core/errors.ts';

/** Two-space indentation and a final line feed. */
export const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export const toJsonLines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** Thrown: object-corrupt, naming place and field, when the text is no JSON or not of the schema's form. */
export const parseJson = <T>(body: Buffer | string, schema: ZodType<T>, place: string): T => {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch (cause) {
    throw new UcoderError('object-corrupt', `${place} is not JSON.`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new UcoderError(
    'object-corrupt',
    `${place}: ${issue?.path.join('.') || 'the document'}: ${issue?.message}.`,
  );
};

export const parseJsonLines = <T>(body: Buffer | string, schema: ZodType<T>, place: string): T[] =>
  body
    .toString()
    .split('\n')
    .flatMap((line, index) =>
      line.trim() === '' ? [] : [parseJson(line, schema, `${place}, line ${index + 1}`)],
    );
