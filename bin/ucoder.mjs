#!/usr/bin/env node
/** The `ucoder` command: prepares what a fresh clone lacks, then runs cli/main.ts in this very process. */
import { ensureDependencies } from '../scripts/ensure-dependencies.mjs';

// `ucoder … | head` closes the pipe: that is no failure.
process.stdout.on('error', (error) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
ensureDependencies();
const { register } = await import('tsx/esm/api');
register();
process.setSourceMapsEnabled(true);
await import('../cli/main.ts');
