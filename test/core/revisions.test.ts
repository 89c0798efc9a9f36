import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isCurrent, layout } from '../../core/layout.ts';
import {
  PARTS,
  type Part,
  type Revisions,
  raiseParts,
  raiseRevisions,
  revisionOf,
} from '../../core/revisions.ts';

const retry = fc.record({
  iteration: fc.integer({ min: 1, max: 4 }),
  from: fc.constantFrom(...PARTS),
  last: fc.integer({ min: 1, max: 5 }),
});
const raised = (retries: readonly { iteration: number; from: Part; last: number }[]): Revisions =>
  retries.reduce(raiseRevisions, {});

/** A key of each part of iteration n. */
const keysOf = (revisions: Revisions, n: number): Record<Part, string> => {
  const at = { campaignId: 'c', revisions };
  return {
    problems: layout.candidates(at, n, 'p0001', 0),
    dataset: layout.dataset(at, n, 'data/train.jsonl'),
    training: layout.checkpoint(at, n, 'manifest.json'),
    validation: layout.work(at, n, 'answers', 'heldout-0.jsonl'),
    evaluation: layout.evaluation(at, n, 'humaneval'),
  };
};

it('gives what is done again keys that nothing had before, and leaves the rest', () => {
  fc.assert(
    fc.property(fc.array(retry, { maxLength: 5 }), retry, (earlier, last) => {
      const seen = new Set(
        earlier.flatMap((_, index) =>
          [1, 2, 3, 4, 5].flatMap((n) => Object.values(keysOf(raised(earlier.slice(0, index)), n))),
        ),
      );
      const before = raised(earlier);
      for (const n of [1, 2, 3, 4, 5]) for (const key of Object.values(keysOf(before, n))) seen.add(key);
      const after = raiseRevisions(before, last);
      for (const n of [1, 2, 3, 4, 5]) {
        const [old, now] = [keysOf(before, n), keysOf(after, n)];
        for (const [index, part] of PARTS.entries()) {
          const again =
            n === last.iteration ? index >= PARTS.indexOf(last.from) : n > last.iteration && n <= last.last;
          if (again) expect(seen.has(now[part])).toBe(false);
          else expect(now[part]).toBe(old[part]);
        }
      }
    }),
  );
});

it('tells what a retry left behind from what counts', () => {
  fc.assert(
    fc.property(fc.array(retry, { maxLength: 4 }), fc.integer({ min: 1, max: 5 }), (retries, n) => {
      const revisions = raised(retries);
      for (const [part, key] of Object.entries(keysOf(revisions, n))) {
        expect(isCurrent({ campaignId: 'c', revisions }, key)).toBe(true);
        const superseded = revisionOf(revisions, n, part as Part) > 0;
        expect(isCurrent({ campaignId: 'c', revisions }, keysOf({}, n)[part as Part])).toBe(!superseded);
      }
    }),
  );
});

it('writes the first run without a number, and leaves what no retry makes again', () => {
  const at = { campaignId: 'c', revisions: raiseParts({}, 2, ['dataset', 'evaluation']) };
  expect(layout.problems(at, 2)).toBe('campaigns/c/iterations/2/problems.jsonl');
  expect(layout.selections(at, 2)).toBe('campaigns/c/iterations/2.r1/selections.jsonl');
  expect(layout.work(at, 2, 'questions', 'humaneval.jsonl')).toBe(
    'campaigns/c/iterations/2/work/questions/humaneval.jsonl',
  );
  expect(isCurrent(at, 'campaigns/c/topics.txt')).toBe(true);
});
