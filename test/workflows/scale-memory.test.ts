/** The check of the workers' memory in the scale test finds what it is there to find. */
import { expect, it } from 'vitest';
import { leaks, memoryOf } from '../bench/scale/watch-memory.ts';

const PROBLEMS = 500;

/**
 * MiB of workers that grow to 550 while they load what they need, hold up to 90 of garbage, and never give back
 * `left` of each problem after the first `from`.
 */
const samplesOf = ({ left = 0, from = 0, count = 300 }): number[] =>
  Array.from({ length: count }, (_, index) => {
    const done = index / (count - 1);
    const warm = 350 + 200 * Math.min(1, done * 5);
    const garbage = (index * 7) % 90;
    return warm + garbage + left * Math.max(0, done * PROBLEMS - from);
  });
const isRefused = (samples: { left?: number; from?: number; count?: number }): boolean =>
  leaks(memoryOf(samplesOf(samples)), PROBLEMS);

it('lets pass workers that hold what they held', () => {
  expect(isRefused({})).toBe(false);
  expect(isRefused({ count: 20 })).toBe(false);
  expect(leaks(memoryOf([400, 700, 500]), PROBLEMS)).toBe(false);
});

it('refuses workers that keep a workflow of each problem', () => {
  expect(isRefused({ left: 1 })).toBe(true);
  expect(isRefused({ left: 1, count: 20 })).toBe(true);
});

it('refuses those that keep one of each problem from the second half on, when the iteration has handed over', () => {
  expect(isRefused({ left: 1, from: 250 })).toBe(true);
});
