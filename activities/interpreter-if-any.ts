/** For steps that a campaign can do without. */
import { UcoderError } from '../core/errors.ts';

/** Undefined where the machine has no Python for it. */
export const interpreterIfAny = async (python: () => Promise<string>): Promise<string | undefined> => {
  try {
    return await python();
  } catch (thrown) {
    if (thrown instanceof UcoderError && thrown.code === 'machine-incomplete') return undefined;
    throw thrown;
  }
};
