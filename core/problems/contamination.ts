/**
 * Finds problems and programs that overlap a benchmark: 13 words in a row (T. Brown et al., Language models are
 * few-shot learners, 2020, appendix C), the same program whatever its names, comments and layout, or, where syntax
 * trees were read, the same body of a function whatever stands beside it.
 */
import { z } from 'zod';
import { normalisedProgram } from '../python/normalised-program.ts';
import { shinglesOf, wordsOf } from './shingles.ts';

const GRAM_WORDS = 13;
/** Shorter programs (`return a + b`) are equal by chance. */
const MINIMUM_TOKENS = 24;

/** A benchmark’s question as far as it must not be trained on. */
export const Reference = z.object({ id: z.string(), prompt: z.string(), solution: z.string() });
export type Reference = z.infer<typeof Reference>;

export const Overlap = z.object({
  benchmark: z.string(),
  id: z.string(),
  by: z.enum(['13-gram', 'program', 'tree']),
});
export type Overlap = z.infer<typeof Overlap>;

export class Contamination {
  readonly #grams = new Map<string, Omit<Overlap, 'by'>>();
  readonly #programs = new Map<string, Omit<Overlap, 'by'>>();
  readonly #trees = new Map<string, Omit<Overlap, 'by'>>();

  /** `trees`: the fingerprints of the question’s solution. */
  add(benchmark: string, { id, prompt, solution }: Reference, trees: readonly string[] = []): void {
    const origin = { benchmark, id };
    for (const text of [prompt, solution])
      for (const gram of gramsOf(text)) if (!this.#grams.has(gram)) this.#grams.set(gram, origin);
    const program = programOf(prompt + solution);
    if (program !== undefined && !this.#programs.has(program)) this.#programs.set(program, origin);
    for (const tree of trees) if (!this.#trees.has(tree)) this.#trees.set(tree, origin);
  }

  ofText(text: string): Overlap | undefined {
    for (const gram of gramsOf(text)) {
      const found = this.#grams.get(gram);
      if (found) return { ...found, by: '13-gram' };
    }
    return undefined;
  }

  /** `trees`: the program’s fingerprints. The surest kind of overlap is told. */
  ofProgram(code: string, trees: readonly string[] = []): Overlap | undefined {
    const program = programOf(code);
    const same = program === undefined ? undefined : this.#programs.get(program);
    if (same) return { ...same, by: 'program' };
    for (const tree of trees) {
      const found = this.#trees.get(tree);
      if (found) return { ...found, by: 'tree' };
    }
    return this.ofText(code);
  }
}

const gramsOf = (text: string): Iterable<string> => {
  const words = wordsOf(text);
  return words.length < GRAM_WORDS ? [] : shinglesOf(words, GRAM_WORDS);
};

const programOf = (code: string): string | undefined => {
  const tokens = normalisedProgram(code);
  return tokens.length < MINIMUM_TOKENS ? undefined : tokens.join(' ');
};
