import { describe, expect, it } from 'vitest';
import { STRATEGY_NAMES } from '../../../../core/config/selection-config.ts';
import { ablate } from '../../../../core/selection/ablation/ablate.ts';
import { ablationTable } from '../../../../core/selection/ablation/ablation-table.ts';
import { candidatesNeeded } from '../../../../core/selection/ablation/candidates-needed.ts';
import type { StoredProblem } from '../../../../core/selection/ablation/stored-problem.ts';
import { select } from '../../../../core/selection/select.ts';
import { matrixOf, type Row, row } from '../matrix-of.ts';
import { policyWith } from '../policy.ts';

const stored = (rows: Record<string, string | Row>, changes: Partial<StoredProblem> = {}): StoredProblem => ({
  matrix: matrixOf(rows),
  question: 'q',
  isHeldout: false,
  ...changes,
});

/** `good` candidates that agree, among `others` of which no two do. */
const mixed = (good: number, others: number, firstGood = 0): Record<string, Row> => {
  const rows: Record<string, Row> = {};
  for (let n = 0; n < good + others; n += 1) {
    const isGood = n >= firstGood && n < firstGood + good;
    rows[`c${String(n).padStart(4, '0')}`] = isGood ? row('pf', '1', '2') : row('pf', '1', `x${n}`);
  }
  return rows;
};

describe('ablate', () => {
  it('replays every strategy, and compares it with what the campaign chose', async () => {
    const problem = stored(
      { a: row('fp', '1', '2'), b: row('fp', '1', '2'), y: row('pp', '3', '2'), z: 'ee' },
      {
        chosen: 'y',
        tokens: new Map([
          ['a', 10],
          ['b', 10],
          ['y', 7],
          ['z', 1],
        ]),
      },
    );
    const ablation = await ablate([problem], policyWith());
    expect(ablation).toMatchObject({ problems: 1, candidates: 4, tokens: 28, decided: 1 });
    expect(ablation.comparedWith).toBe('the campaign');
    expect(ablation.strategies.map(({ strategy }) => strategy)).toEqual([...STRATEGY_NAMES]);
    const rowOf = (name: string) => ablation.strategies.find(({ strategy }) => strategy === name);
    expect(rowOf('consensus')).toMatchObject({ decided: 1, agreed: 0, pairs: 1, tokensNeeded: 28 });
    expect(rowOf('success-threshold')).toMatchObject({ decided: 1 });
    expect(rowOf('lowest-perplexity')).toMatchObject({ decided: 0, agreed: 0, pairs: 0 });
  });

  it('agrees where nothing was chosen and nothing is, or where the answers are the same', async () => {
    const nothing = stored({ a: 'ee', b: 'ee' }, { chosen: null });
    const other = stored({ a: row('p', '1'), b: row('p', '1') }, { chosen: 'b' });
    const { strategies } = await ablate([nothing, other], policyWith());
    expect(strategies.find(({ strategy }) => strategy === 'consensus')?.agreed).toBe(2);
  });

  it('counts no pair for a held-out problem, and one for a question and an answer that repeat', async () => {
    const rows = { a: { bits: 'pp', code: 'x' }, b: { bits: 'pp', code: 'x' } };
    const held = stored(rows, { isHeldout: true, question: 'other' });
    const { strategies } = await ablate([held, stored(rows), stored(rows)], policyWith());
    expect(strategies[0]).toMatchObject({ decided: 3, pairs: 1 });
  });

  it('tells no tokens where one problem does not know them', async () => {
    const known = stored({ a: 'p', b: 'p' }, { tokens: new Map([['a', 1]]) });
    const { tokens, strategies } = await ablate([known, stored({ a: 'p' })], policyWith());
    expect(tokens).toBeNull();
    expect(strategies[0]?.tokensNeeded).toBeNull();
  });

  it('prints one line a strategy', async () => {
    const table = ablationTable(await ablate([stored({ a: 'p', b: 'p' })], policyWith()));
    for (const name of STRATEGY_NAMES) expect(table).toContain(`| ${name} `);
    expect(table).toContain('1 problems with 2 candidates; compared with consensus, which decided 1.');
    expect(ablationTable(await ablate([], policyWith()))).toContain('0 problems');
  });
});

describe('candidatesNeeded', () => {
  const policy = policyWith({ signature: 'output' });
  const neededOf = (rows: Record<string, Row>) => {
    const matrix = matrixOf(rows);
    return candidatesNeeded(matrix, policy, select(matrix, policy).selected).length;
  };

  it('is the first round from which the choice stays', () => {
    expect(neededOf(mixed(20, 80))).toBe(16);
    expect(neededOf(mixed(20, 80, 31))).toBe(64);
    expect(neededOf(mixed(20, 80, 80))).toBe(100);
  });

  it('is all of them below the first round', () => {
    expect(neededOf(mixed(3, 5))).toBe(8);
  });
});
