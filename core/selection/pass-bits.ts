/** Which tests each candidate passed, packed, so that candidates are compared by a few numbers. */

/** Tests in one word: small integers are stored unboxed. */
export const BITS = 30;

export type PassBits = {
  /** `stride` words a candidate, by its position; a dropped test is 0. */
  words: number[];
  stride: number;
};

export const emptyPassBits = (candidates: number, tests: number): PassBits => {
  const stride = Math.max(1, Math.ceil(tests / BITS));
  return { words: new Array<number>(Math.max(1, candidates) * stride).fill(0), stride };
};

/** The bits set in a word (Warren, "Hacker's Delight", 2002, section 5-1). */
export const countBits = (word: number): number => {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

export const hasBit = (words: readonly number[], first: number, test: number): boolean =>
  ((words[first + Math.floor(test / BITS)] ?? 0) & (1 << (test % BITS))) !== 0;

export const setBit = ({ words, stride }: PassBits, position: number, test: number): void => {
  const at = position * stride + Math.floor(test / BITS);
  words[at] = (words[at] ?? 0) | (1 << (test % BITS));
};

/** Divides a word. */
const BITS_AT_ONCE = 10;

const TEXTS_OF_BITS = Array.from({ length: 1 << BITS_AT_ONCE }, (_, bits) =>
  Array.from({ length: BITS_AT_ONCE }, (_, bit) => (bits >> bit) & 1).join(''),
);

/** 1 for a bit that is set, 0 for any other, of the first `length` bits from word `first` on. */
export const textOfBits = (words: readonly number[], first: number, length: number): string => {
  let text = '';
  for (let from = 0; from < length; from += BITS_AT_ONCE) {
    const bits = (words[first + Math.floor(from / BITS)] ?? 0) >> (from % BITS);
    text += TEXTS_OF_BITS[bits & ((1 << BITS_AT_ONCE) - 1)] ?? '';
  }
  return text.slice(0, length);
};
