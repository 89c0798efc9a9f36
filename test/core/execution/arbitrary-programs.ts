/** Random populations in which programs repeat, raise, crash, are slow, and end others of their tests with them. */
import fc from 'fast-check';
import type { Deed, Executed, Program } from './simulated-runner.ts';

const deed: fc.Arbitrary<Deed> = fc.record({
  does: fc.oneof(
    { weight: 10, arbitrary: fc.integer({ min: 1, max: 3 }) },
    { weight: 5, arbitrary: fc.constant<Deed['does']>('error') },
    { weight: 1, arbitrary: fc.constantFrom<Deed['does']>('crash', 'timeout', 'breach') },
  ),
  // Seldom so slow that the candidate's budget of 400 is spent by its tests together.
  cpuMs: fc.oneof(
    { weight: 8, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: 20, max: 99 }) },
  ),
});

export const programs: fc.Arbitrary<Program[]> = fc
  .integer({ min: 1, max: 10 })
  .chain((tests) =>
    fc
      .array(fc.array(deed, { minLength: tests, maxLength: tests }), { minLength: 1, maxLength: 5 })
      .chain((kinds) => fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 24 })),
  );

export const matrixOf = ({ tests, candidates }: Executed) => ({ id: 'p', tests, candidates });
