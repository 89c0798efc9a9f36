import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { generatedDocs } from '../../scripts/generated-docs.ts';

describe('docs', () => {
  it.each(Object.entries(generatedDocs()))(
    '%s is what the code says (npm run docs writes it)',
    async (path, text) => {
      expect(await readFile(path, 'utf8')).toBe(text);
    },
  );
});
