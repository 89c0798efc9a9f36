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

export const hasBit = (words: readonly number[], first: number, test: number): boolean =>
  ((words[first + Math.floor(test / BITS)] ?? 0) & (1 << (test % BITS))) !== 0;

export const setBit = ({ words, stride }: PassBits, position: number, test: number): void => {
  const at = position * stride + Math.floor(test / BITS);
  words[at] = (words[at] ?? 0) | (1 << (test % BITS));
};
