import { z } from 'zod';

/** Where an object lies and what it must contain. Workflows hand on references, never the data. */
export const ObjectReference = z.strictObject({
  key: z.string().describe('Key in the bucket.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('SHA-256 of the whole object, hexadecimal.'),
  size: z.int().min(0).describe('Bytes.'),
});
export type ObjectReference = z.infer<typeof ObjectReference>;
