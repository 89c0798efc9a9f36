import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { imageContent, sandboxFolder, sandboxImageTag } from '../../../infra/sandbox/image-content.ts';

it('is the same by Dockerfile and by packages', async () => {
  const dockerfile = await readFile(join(sandboxFolder, 'Dockerfile'), 'utf8');
  const flat = dockerfile.replaceAll(/\\\n/g, ' ').replaceAll(/\s+/g, ' ');
  expect(flat).toContain(imageContent.debianPackages.join(' '));
  expect(flat).toContain(`ENTRYPOINT ${JSON.stringify(imageContent.entrypoint).replaceAll(',', ', ')}`);
  expect(flat).toContain(
    `ENV ${Object.entries(imageContent.environment)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}`,
  );
  for (const { to } of imageContent.copies) expect(flat).toContain(`COPY python ${to}`);
  for (const [name, value] of Object.entries(imageContent.labels))
    expect(flat).toContain(`LABEL ${name}=${value}`);
});

it('is named after its content', () => {
  expect(sandboxImageTag()).toMatch(/^ucoder\/sandbox-python:[0-9a-f]{16}$/);
});
