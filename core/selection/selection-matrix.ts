/** What `ucoder select` reads: the matrix of `ucoder execute`, and what else a strategy or rule can use. */
import { z } from 'zod';
import { ExecutionId, Outcome } from '../execution/batch.ts';

const TestObject = z.strictObject({
  id: ExecutionId,
  call: z.string().optional().describe('The Python expression that calls the function.'),
  expected: z.string().optional().describe('The claimed value, a Python literal.'),
  tolerance: z.number().min(0).optional(),
  assert: z.string().optional(),
  program: z.string().optional(),
});

const SelectionCandidate = z.strictObject({
  id: ExecutionId,
  outcomes: z.array(Outcome).describe('One for each test, in their order.'),
  outputs: z.array(z.string().nullable()).optional().describe('Text of each returned value; absent: none.'),
  durationMs: z.number().min(0).optional(),
  perplexity: z.number().min(1).nullish().describe('exp(mean negative log-probability) of its tokens.'),
  code: z.string().optional().describe('Its source, for the rules and strategies that look at it.'),
  signals: z
    .strictObject({ lint: z.number().min(0).optional().describe('Findings of ruff in its code.') })
    .optional()
    .describe('Values of the signals that were measured elsewhere.'),
});
export type SelectionCandidate = z.infer<typeof SelectionCandidate>;

type Issue = { path: PropertyKey[]; message: string };

const repeatedIds = (
  place: string,
  ids: readonly string[],
  pathOf: (index: number) => PropertyKey[],
): Issue[] => {
  const first = new Map<string, number>();
  return ids.flatMap((id, index) => {
    const earlier = first.get(id);
    if (earlier === undefined) {
      first.set(id, index);
      return [];
    }
    return [
      { path: pathOf(index), message: `${JSON.stringify(id)} is already the id of ${place}[${earlier}]` },
    ];
  });
};

const lengthIssues = (candidates: readonly SelectionCandidate[], tests: number): Issue[] =>
  candidates.flatMap((candidate, index) =>
    (['outcomes', 'outputs'] as const).flatMap((field) => {
      const length = candidate[field]?.length ?? tests;
      return length === tests
        ? []
        : [{ path: ['candidates', index, field], message: `has ${length} entries for ${tests} tests` }];
    }),
  );

export const SelectionMatrix = z
  .strictObject({
    id: ExecutionId,
    tests: z
      .array(z.union([ExecutionId, TestObject]))
      .describe('Ids, or objects with id, call and expected.'),
    invalidTests: z.array(z.strictObject({ id: ExecutionId, reason: z.string() })).optional(),
    inProcess: z.array(ExecutionId).optional(),
    candidates: z.array(SelectionCandidate),
  })
  .superRefine((matrix, context) => {
    const testIds = matrix.tests.map(testIdOf);
    const candidateIds = matrix.candidates.map(({ id }) => id);
    const issues = [
      ...repeatedIds('tests', testIds, (index) =>
        typeof matrix.tests[index] === 'string' ? ['tests', index] : ['tests', index, 'id'],
      ),
      ...repeatedIds('candidates', candidateIds, (index) => ['candidates', index, 'id']),
      ...lengthIssues(matrix.candidates, matrix.tests.length),
    ];
    for (const { path, message } of issues) context.addIssue({ code: 'custom', path, message });
  });
export type SelectionMatrix = z.infer<typeof SelectionMatrix>;

export type MatrixTest = SelectionMatrix['tests'][number];

export const testIdOf = (test: MatrixTest): string => (typeof test === 'string' ? test : test.id);
