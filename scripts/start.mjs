/** `npm start`: from a fresh clone to the report of a finished quickstart campaign. */
process.argv = [...process.argv.slice(0, 2), 'quickstart', ...process.argv.slice(2)];
await import('../bin/ucoder.mjs');
