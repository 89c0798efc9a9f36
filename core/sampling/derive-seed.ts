/** Seeds of requests, the same on every machine and for every order of work. */

/** Seeds stay below this, so that a request's n samples (seed, seed + 1, …) never leave 31 bits. */
const SEED_SPACE = 2 ** 31 - 2 ** 16;

/** What a seed depends on. `index` is the number of the problem, proposal or question. */
export type SeedOrigin = { seed: number; iteration: number; stage: string; index: number };

/**
 * A seed from 0 up to 2^31 − 2^16: MurmurHash3 (x86, 32 bit, seed 0) of "seed/iteration/stage/index" in
 * UTF-16LE, modulo that bound.
 */
export const deriveSeed = ({ seed, iteration, stage, index }: SeedOrigin): number =>
  murmurHash3(`${seed}/${iteration}/${stage}/${index}`) % SEED_SPACE;

/** Austin Appleby's MurmurHash3_x86_32; two code units are one block of four bytes. */
const murmurHash3 = (text: string): number => {
  let hash = 0;
  const mix = (block: number): number => {
    const scrambled = Math.imul(block, 0xcc9e2d51);
    return Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  };
  let at = 0;
  for (; at + 1 < text.length; at += 2) {
    hash ^= mix(text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16));
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  if (at < text.length) hash ^= mix(text.charCodeAt(at));
  hash ^= text.length * 2;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};
