import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imageLabels, imageTag, RUNNER_FOLDER, runnerFiles } from '../../../infra/sandbox/image.ts';
import { languageNamed, languages } from '../../../infra/sandbox/languages.ts';

describe.each(languages())('the image of $name', (language) => {
  it('is the same by Dockerfile and by packages', async () => {
    const dockerfile = await readFile(join(language.folder, 'Dockerfile'), 'utf8');
    const flat = dockerfile.replaceAll(/\\\n/g, ' ').replaceAll(/\s+/g, ' ');
    expect(flat).toContain(language.debianPackages.join(' '));
    expect(flat).toContain(`ENTRYPOINT ${JSON.stringify(language.entrypoint).replaceAll(',', ', ')}`);
    const variables = Object.entries(language.environment).map(([name, value]) => `${name}=${value}`);
    expect(flat).toContain(`ENV ${variables.join(' ')}`);
    for (const name of language.runner) expect(flat).toContain(`COPY ${name} ${RUNNER_FOLDER}/${name}`);
    for (const [name, value] of Object.entries(imageLabels(language)))
      expect(flat).toContain(`LABEL ${name}=${value}`);
  });

  it('is named after its content', () => {
    expect(imageTag(language)).toMatch(new RegExp(`^ucoder/sandbox-${language.name}:[0-9a-f]{16}$`));
    expect(imageTag({ ...language, environment: {} })).not.toBe(imageTag(language));
  });

  it('has the runner without its tests and without what the host’s interpreter left', () => {
    const files = runnerFiles(language);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(file).not.toMatch(/(^|\/)tests\/|__pycache__|\.pyc$/);
  });
});

describe('languages', () => {
  it('has Python', () => {
    expect(languages().map(({ name }) => name)).toContain('python');
  });

  it('says which there are where one is asked for that is not', () => {
    expect(() => languageNamed('perl')).toThrow(/no language "perl"; it has python/);
  });
});
