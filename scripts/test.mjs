/** `npm test`: installs what tests need, runs all of them, and ends with one line that says how many passed. */
import { ensureDependencies } from './ensure-dependencies.mjs';

ensureDependencies();
const { register } = await import('tsx/esm/api');
register();
process.setSourceMapsEnabled(true);
await import('./run-tests.ts');
