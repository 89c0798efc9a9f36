/**
 * Numbers in [0, 1) that depend on the seed and the text only, on every machine. The generator is sfc32
 * (Chris Doty-Humphrey's PractRand), seeded by a MurmurHash3-style mix of the text; neither is for secrets.
 */
export const seededRandom = (seed: number, text: string): (() => number) => {
  const word = hashWords(`${seed}\u0000${text}`);
  let [a, b, c, counter] = [word(), word(), word(), word()];
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
};

const hashWords = (text: string): (() => number) => {
  let hash = 0x6a09e667 ^ text.length;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0xcc9e2d51);
    hash = (hash << 13) | (hash >>> 19);
  }
  return () => {
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
    return hash >>> 0;
  };
};

/** A permutation of the values that depends on the generator only (Fisher and Yates; Durstenfeld 1964). */
export const shuffled = <T>(values: readonly T[], random: () => number): T[] => {
  const result = [...values];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [a, b] = [result[last], result[other]];
    if (a !== undefined && b !== undefined) [result[last], result[other]] = [b, a];
  }
  return result;
};
