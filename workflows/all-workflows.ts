/** The entry of the workflow bundle: every workflow type that a worker can run. */
export { campaign } from './campaign.ts';
export { evaluation } from './evaluation.ts';
export { fineTune } from './fine-tune.ts';
export { iteration } from './iteration.ts';
export { problem } from './problem.ts';
export { serverLease } from './server-lease.ts';
