import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { PROBLEM_DOMAINS } from '../../core/problems/problem.ts';
import { TEST_CATEGORIES } from '../../core/problems/test-case.ts';
import { PLACEHOLDERS } from '../../core/prompts/render.ts';

describe('docs/prompts.md', () => {
  it('names every placeholder of every stage, every domain and every category', async () => {
    const text = await readFile('docs/prompts.md', 'utf8');
    const problem = [
      'functionName',
      'signature',
      'parameters',
      'sentence',
      'docstring',
      'description',
      'stub',
    ];
    for (const [stage, placeholders] of Object.entries(PLACEHOLDERS)) {
      const row = text.split('\n').find((line) => line.startsWith(`| \`${stage}\` |`));
      for (const name of Object.keys(placeholders)) {
        const shared = problem.includes(name) && row?.includes('those of a problem');
        expect(shared || row?.includes(`\`${name}\``), `${stage}: ${name}`).toBe(true);
      }
    }
    for (const name of problem) expect(text).toContain(`\`${name}\``);
    for (const name of PROBLEM_DOMAINS) expect(text).toContain(`\`${name}\``);
    for (const name of TEST_CATEGORIES) expect(text).toContain(name);
  });
});
