/** Texts as sets of word sequences. */

/** Words and numbers in small letters; underscores part words, so that names count as what they say. */
export const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** All sequences of `length` words; a shorter text is one sequence. */
export const shinglesOf = (words: readonly string[], length: number): Set<string> => {
  const shingles = new Set<string>();
  for (let at = 0; at + length <= words.length; at += 1) shingles.add(words.slice(at, at + length).join(' '));
  if (shingles.size === 0 && words.length > 0) shingles.add(words.join(' '));
  return shingles;
};

/** Shared sequences over all sequences of both (Jaccard’s index, Bull. Soc. Vaud. Sci. Nat. 37, 1901). */
export const jaccard = (left: ReadonlySet<string>, right: ReadonlySet<string>): number => {
  let shared = 0;
  for (const shingle of left) if (right.has(shingle)) shared += 1;
  const all = left.size + right.size - shared;
  return all === 0 ? 1 : shared / all;
};
