import { SelectionConfig } from '../../../core/config/selection-config.ts';
import type { SelectionPolicy } from '../../../core/selection/selection-policy.ts';

/** The schema's defaults with changes. */
export const policyWith = (changes: Partial<SelectionPolicy> = {}): SelectionPolicy => ({
  ...SelectionConfig.parse({}),
  seed: 0,
  ...changes,
});
