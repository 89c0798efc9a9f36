/** The settings of a selection: a campaign’s `selection` section, or the flags of `ucoder select`, and the seed. */
import type { SelectionConfig } from '../config/selection-config.ts';

export type SelectionPolicy = SelectionConfig & { seed: number };
