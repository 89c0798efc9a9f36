import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sandboxRecipe } from '../../../infra/install/sandbox-recipe.ts';

describe('sandboxRecipe', () => {
  it('names only files that exist, and leaves tests and compiled files out', async () => {
    const { dockerfile, copies } = await sandboxRecipe();
    expect(dockerfile.files).toContain('Dockerfile');
    expect(dockerfile.files).toContain(join('python', 'main.py'));
    for (const file of dockerfile.files) {
      expect(existsSync(join(dockerfile.context, file)), file).toBe(true);
      expect(file).not.toMatch(/tests|__pycache__|\.pyc$/);
    }
    for (const { from, files } of copies)
      for (const file of files) expect(existsSync(join(from, file))).toBe(true);
  });

  it('says to an import what the Dockerfile says to a build', async () => {
    const { changes, tag } = await sandboxRecipe();
    expect(tag).toMatch(/^ucoder\/sandbox-python:[0-9a-f]{16}$/);
    expect(changes).toContain('ENV PYTHONHASHSEED=0');
    expect(changes.at(-1)).toMatch(/^ENTRYPOINT \["\/usr\/bin\/python3",.*main\.py"\]$/);
  });

  it('compiles folders of the image, not the interpreter', async () => {
    expect((await sandboxRecipe()).compile).toEqual(['/usr/lib', '/opt/ucoder-runner']);
  });
});
