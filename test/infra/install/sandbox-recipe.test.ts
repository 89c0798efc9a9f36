import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sandboxRecipe } from '../../../infra/install/sandbox-recipe.ts';
import { languageNamed } from '../../../infra/sandbox/languages.ts';

const recipe = sandboxRecipe(languageNamed('python'));

describe('sandboxRecipe', () => {
  it('names only files that exist', () => {
    expect(recipe.dockerfile.files).toContain('Dockerfile');
    expect(recipe.dockerfile.files).toContain('main.py');
    for (const file of recipe.dockerfile.files)
      expect(existsSync(join(recipe.dockerfile.context, file)), file).toBe(true);
    for (const { from, files } of recipe.copies)
      for (const file of files) expect(existsSync(join(from, file)), file).toBe(true);
  });

  it('says to an import what the Dockerfile says to a build', () => {
    expect(recipe.tag).toMatch(/^ucoder\/sandbox-python:[0-9a-f]{16}$/);
    expect(recipe.changes).toContain('ENV PYTHONHASHSEED=0');
    expect(recipe.changes.at(-1)).toMatch(/^ENTRYPOINT \["\/usr\/bin\/python3",.*main\.py"\]$/);
  });
});
