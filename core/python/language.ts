/** What campaigns are written in: prompts, signatures and expected values are Python’s. A batch of `ucoder execute` names its own. */
export const PYTHON = 'python';
