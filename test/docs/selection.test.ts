import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { NON_TRIVIAL_RULES } from '../../core/selection/rules/registry.ts';
import { select } from '../../core/selection/select.ts';
import { SelectionMatrix } from '../../core/selection/selection-matrix.ts';
import { SIGNALS } from '../../core/selection/signals/registry.ts';
import { STRATEGIES } from '../../core/selection/strategies/registry.ts';
import { policyWith } from '../core/selection/policy.ts';

describe('docs/selection.md', () => {
  let text = '';
  beforeAll(async () => {
    text = await readFile('docs/selection.md', 'utf8');
  });
  const block = (name: string): unknown => {
    const found = new RegExp(`\`\`\`json ${name}\n([\\s\\S]*?)\`\`\``).exec(text)?.[1];
    return JSON.parse(found ?? 'null');
  };

  it('shows what the example gives', () => {
    const matrix = SelectionMatrix.parse(block('matrix'));
    expect(select(matrix, policyWith({ signature: 'output' }))).toEqual(block('selection'));
    expect(select(matrix, policyWith())).toMatchObject({ selected: 'c2' });
  });

  it('lists every strategy and every rule in its own words', () => {
    for (const { name, summary } of [
      ...Object.values(STRATEGIES),
      ...NON_TRIVIAL_RULES,
      ...Object.values(SIGNALS),
    ]) {
      expect(text).toContain(`| \`${name}\` | ${summary} |`);
    }
  });
});

describe('docs/contracts.md', () => {
  it('shows a matrix that select takes as it is', async () => {
    const text = await readFile('docs/contracts.md', 'utf8');
    const shown = /\{"id": "p1", "tests": \["t1", "t2", "t3", "t4"\][\s\S]*?\]\}\n/.exec(text)?.[0];
    const matrix = SelectionMatrix.parse(JSON.parse(shown ?? 'null'));
    expect(select(matrix, policyWith({ minClusterSize: 1 }))).toMatchObject({
      id: 'p1',
      selected: 'c1',
      strategy: 'consensus',
      clusters: [{ members: ['c1'], share: 1, signature: '1111' }],
    });
    expect(select(matrix, policyWith()).selected).toBeNull();
  });
});
