/** Every defence is left out once: its case must then end otherwise. */
import { describe, expect, it } from 'vitest';
import { UcoderError } from '../../core/errors.ts';
import { batchOf, resultOf, testExecutor } from '../support/docker.ts';
import { CONFINEMENT } from './defences/confinement.ts';
import { CONTAINER } from './defences/container.ts';
import { type Defence, type Gap, weakenBy } from './defences/defence.ts';
import { PROGRAMS } from './defences/programs.ts';
import { SUPERVISION } from './defences/supervision.ts';

const CALL = [{ id: 't', call: 'f()', expected: 'True' }];

/** The last candidate’s value where that is what counts, else its outcome, or that it was marked. */
const verdictOf = async (
  { tests = CALL, codes, limits = {}, verdicts }: Defence,
  ...gaps: readonly (Gap | undefined)[]
) => {
  const executor = await testExecutor({ containers: 1, weaken: weakenBy(...gaps) });
  try {
    const matrix = await executor.execute(batchOf({ tests, codes, limits }));
    const { outcomes, outputs } = resultOf(matrix, codes.length - 1);
    const outcome = outcomes[outcomes.length - 1] ?? '';
    if (matrix.inProcess && verdicts.includes('marked')) return 'marked';
    return verdicts.some((verdict) => /^[a-z-]{4,}$/.test(verdict) && verdict !== 'other')
      ? outcome
      : (outputs[outputs.length - 1] ?? outcome);
  } catch (thrown) {
    // Without its defence the runner itself may fall.
    if (thrown instanceof UcoderError) return thrown.code;
    throw thrown;
  } finally {
    await executor.close();
  }
};

const groups: readonly (readonly [string, readonly Defence[]])[] = [
  ['of the container', CONTAINER],
  ['of a process', CONFINEMENT],
  ['of the runner', SUPERVISION],
  ['of programs', PROGRAMS],
];

for (const [group, defences] of groups) {
  describe(`a defence ${group}`, () => {
    it.each(defences)('$name: matters', { timeout: 120_000 }, async (defence) => {
      const [withIt, without] = defence.verdicts;
      const guarded = await verdictOf(defence, defence.alone);
      const open = await verdictOf(defence, defence.alone, defence.gap);
      if (withIt === 'other') expect(guarded).not.toBe(without);
      else expect(guarded).toBe(withIt);
      if (without === 'other') expect(open).not.toBe(withIt);
      else expect(open).toBe(without);
    });
  });
}
