/**
 * Finds texts that say nearly the same. MinHash (A. Broder, On the resemblance and containment of documents,
 * 1997) with banding (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, §3.4) names the candidates, and
 * Jaccard’s index of their word sequences decides, so that a hash never refuses anything.
 */
import { jaccard, shinglesOf, wordsOf } from './shingles.ts';

/** Words in a sequence: one other word in a sentence of ten changes three of eight. */
const SHINGLE_WORDS = 3;
/** Of 2 rows: a pair with an index of 0.5 is missed once in 10^8, one of 0.3 twice in 1000. */
const BANDS = 64;
const ROWS = 2;

export class NearDuplicates {
  readonly #threshold: number;
  readonly #texts: Set<string>[] = [];
  readonly #buckets = new Map<string, number[]>();

  /** Texts whose index reaches the threshold are near duplicates. */
  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  has(text: string): boolean {
    const shingles = shinglesOf(wordsOf(text), SHINGLE_WORDS);
    const found = new Set(bandsOf(shingles).flatMap((band) => this.#buckets.get(band) ?? []));
    return [...found].some((index) => jaccard(this.#texts[index] ?? new Set(), shingles) >= this.#threshold);
  }

  add(text: string): void {
    const shingles = shinglesOf(wordsOf(text), SHINGLE_WORDS);
    const index = this.#texts.push(shingles) - 1;
    for (const band of bandsOf(shingles)) {
      const bucket = this.#buckets.get(band);
      if (bucket) bucket.push(index);
      else this.#buckets.set(band, [index]);
    }
  }
}

const bandsOf = (shingles: ReadonlySet<string>): string[] => {
  const hashes = [...shingles].map(hashText);
  const bands: string[] = [];
  for (let band = 0; band < BANDS; band += 1) {
    const rows: number[] = [];
    for (let row = 0; row < ROWS; row += 1) {
      const permutation = band * ROWS + row + 1;
      rows.push(hashes.reduce((least, hash) => Math.min(least, permuted(hash, permutation)), 2 ** 32));
    }
    bands.push(`${band}/${rows.join('/')}`);
  }
  return bands;
};

/** FNV-1a over UTF-16 code units. */
const hashText = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
};

/** MurmurHash3’s finaliser: for each number a permutation of the 32-bit words. */
const permuted = (hash: number, number: number): number => {
  let mixed = hash ^ Math.imul(number, 0x9e3779b9);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};
