import { describe, expect, it } from 'vitest';
import { backOffMs } from '../../../infra/stack/back-off.ts';

describe('backOffMs', () => {
  it('doubles from half a second and stays at half a minute', () => {
    expect([1, 2, 3, 6, 7, 8, 1000].map(backOffMs)).toEqual([
      500, 1000, 2000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });
});
