/** One problem of a simulated population: its outcome matrix, and which candidates are right. */
import type { Outcome } from '../../../core/execution/batch.ts';
import type { SelectionMatrix } from '../../../core/selection/selection-matrix.ts';
import { seededRandom } from '../../../core/statistics/seeded-random.ts';
import type { PopulationModel } from './population-model.ts';

export type JudgedProblem = {
  matrix: SelectionMatrix;
  /** Ids of the candidates that pass the hidden tests. */
  right: ReadonlySet<string>;
};

type Random = () => number;
/** Its value on a kind of input: undefined where it is right, null where it raises. */
type Fault = { onKind: readonly (string | null | undefined)[] };

export const simulateProblem = (model: PopulationModel, seed: number, index: number): JudgedProblem => {
  const random = seededRandom(seed, `problem ${index}`);
  const kinds = model.kinds + model.hiddenKinds;
  const kindOf = kindsOfTests(model, random);
  const openKind = random() < model.openKind ? 1 + Math.floor(random() * (model.kinds - 1)) : -1;
  const share = kumaraswamy(model.right, random());
  const misunderstandings = Array.from({ length: model.misunderstandings }, (_, m) =>
    drawFault(model, kinds, `misread${m}`, random),
  );
  const [low, high] = model.expectedRight;
  const author = low + random() * (high - low);
  const expected = kindOf.map((kind, test) => {
    if (random() < author) return rightValue(test);
    const misread = misunderstandings[0]?.onKind[kind];
    return random() < model.expectedMisunderstood && typeof misread === 'string'
      ? `${misread}:${test}`
      : `guess:${test}`;
  });

  const right = new Set<string>();
  const candidates = Array.from({ length: model.candidates }, (_, position) => {
    const id = `c${String(position).padStart(4, '0')}`;
    const isEmpty = random() < model.empty;
    const isRight = !isEmpty && random() < share;
    if (isRight) right.add(id);
    const fault = isRight ? undefined : drawWrong(model, kinds, misunderstandings, id, random);
    const openAnswer = random() < 2 / 3 ? 'one' : 'other';
    const outputs = kindOf.map((kind, test) => {
      if (isEmpty) return 'None';
      const wrong = fault?.onKind[kind];
      if (wrong === null) return null;
      if (wrong !== undefined) return `${wrong}:${test}`;
      return kind === openKind && openAnswer === 'other' ? `open:${test}` : rightValue(test);
    });
    const outcomes = outputs.map(
      (text, test): Outcome => (text === null ? 'error' : text === expected[test] ? 'pass' : 'fail'),
    );
    return { id, outcomes, outputs, perplexity: drawPerplexity(model, isRight, random) };
  });
  return {
    matrix: {
      id: `p${index}`,
      tests: kindOf.map((_, test) => ({
        id: `t${test}`,
        call: `f(${test})`,
        expected: expected[test] ?? '',
      })),
      candidates,
    },
    right,
  };
};

const rightValue = (test: number): string => `right:${test}`;

const kumaraswamy = ({ a, b }: PopulationModel['right'], u: number): number =>
  (1 - (1 - u) ** (1 / b)) ** (1 / a);

/** Every kind has a test; the rest fall on kind k with weight 1 / (k + 1). */
const kindsOfTests = ({ tests, kinds }: PopulationModel, random: Random): number[] =>
  Array.from({ length: tests }, (_, test) => (test < kinds ? test : drawZipf(kinds, random)));

const drawZipf = (kinds: number, random: Random): number => {
  let total = 0;
  for (let k = 1; k <= kinds; k += 1) total += 1 / k;
  let rest = random() * total;
  for (let k = 1; k < kinds; k += 1) {
    rest -= 1 / k;
    if (rest < 0) return k - 1;
  }
  return kinds - 1;
};

const drawFault = (
  { wrongOnKind, raises }: PopulationModel,
  kinds: number,
  name: string,
  random: Random,
): Fault => {
  const certain = Math.floor(random() * kinds);
  return {
    onKind: Array.from({ length: kinds }, (_, kind) => {
      if (kind !== certain && random() >= wrongOnKind) return undefined;
      return random() < raises ? null : `${name}/${kind}`;
    }),
  };
};

const drawWrong = (
  model: PopulationModel,
  kinds: number,
  misunderstandings: readonly Fault[],
  id: string,
  random: Random,
): Fault => {
  const shared = misunderstandings[drawZipf(misunderstandings.length, random)];
  return random() < model.shared && shared ? shared : drawFault(model, kinds, id, random);
};

/** Log-normal above 1, by Box and Muller (Ann. Math. Statist. 29, 1958). */
const drawPerplexity = ({ perplexity }: PopulationModel, isRight: boolean, random: Random): number => {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const mean = perplexity.mean - (isRight ? perplexity.rightIsLowerBy : 0);
  return 1 + Math.exp(mean + perplexity.deviation * normal);
};
