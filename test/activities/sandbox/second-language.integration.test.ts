/** A language is one folder: a stack calculator runs beside Python, in an image of its own, and nothing else changes. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { installContext, logFileOf } from '../../../infra/install/install-context.ts';
import { makeSandboxImage } from '../../../infra/install/sandbox-image.ts';
import { sandboxRecipe } from '../../../infra/install/sandbox-recipe.ts';
import { languages, readLanguage } from '../../../infra/sandbox/languages.ts';
import { batchOf, testDocker, testExecutor } from '../../support/docker.ts';

const IMAGE_MS = 300_000;

it('runs batches of two languages side by side', { timeout: IMAGE_MS }, async () => {
  const rpn = readLanguage(fileURLToPath(new URL('languages/rpn', import.meta.url)));
  const context = installContext();
  const log = logFileOf(context, 'sandbox-image');
  await makeSandboxImage(context, testDocker(), sandboxRecipe(rpn), log, () => undefined);
  // One container: it changes hands between the languages.
  const executor = await testExecutor({ containers: 1, languages: [...languages(), rpn] });
  try {
    const calculations = {
      ...batchOf({
        tests: [
          { id: 'sum', call: '3 4', expected: '7' },
          { id: 'program', program: 'what is this' },
          { id: 'zero', call: '0 0', expected: '0' },
        ],
        codes: ['+', ' +  ', '*', 'dup * +', 'undefined'],
      }),
      language: 'rpn',
    };
    const python = batchOf({
      tests: [{ id: 'sum', call: 'f(3, 4)', expected: '7' }],
      codes: ['f = lambda a, b: a + b\n'],
    });
    const [first, second, third] = await Promise.all(
      [calculations, python, calculations].map((batch) => executor.execute(batch)),
    );
    expect(first?.tests).toEqual(['sum', 'zero']);
    expect(first?.invalidTests).toEqual([{ id: 'program', reason: 'the calculator only knows calls' }]);
    expect(first?.candidates.map(({ outcomes }) => outcomes)).toEqual([
      ['pass', 'pass'],
      ['pass', 'pass'],
      ['fail', 'pass'],
      ['fail', 'pass'],
      ['error', 'error'],
    ]);
    expect(first?.candidates[3]?.outputs).toEqual(['19', '0']);
    expect(second?.candidates[0]?.outcomes).toEqual(['pass']);
    expect(third).toEqual(first);
  } finally {
    await executor.close();
  }
});

it('refuses a language that the sandbox does not have', async () => {
  const executor = await testExecutor();
  const unknown = { ...batchOf({ tests: [], codes: [''] }), language: 'rpn' };
  try {
    await expect(executor.execute(unknown)).rejects.toMatchObject({ code: 'invalid-input' });
  } finally {
    await executor.close();
  }
});
