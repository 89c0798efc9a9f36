/** Joins a batch’s tests with what the sandbox says of them. */
import { parseLiteral } from '../values/parse-literal.ts';
import type { ExecutionTest } from './batch.ts';
import type { Judgement, PreparedTest, PreparedTestMessage } from './prepared-test.ts';

export type InvalidTest = { readonly id: string; readonly reason: string };
export type PreparedBatch = {
  readonly tests: readonly PreparedTest[];
  readonly invalidTests: readonly InvalidTest[];
};

const judgementOf = (
  test: ExecutionTest,
  message: Exclude<PreparedTestMessage, { kind: 'invalid' }>,
): Judgement | undefined => {
  if (message.match === undefined) return undefined;
  const isCall = 'call' in test;
  return {
    match: message.match,
    expected: typeof message.expected === 'string' ? parseLiteral(message.expected) : undefined,
    tolerance: isCall ? test.tolerance : undefined,
    showsOutput: isCall,
  };
};

const preparedTest = (test: ExecutionTest, message: PreparedTestMessage): PreparedTest | InvalidTest => {
  if (message.kind === 'invalid') return { id: test.id, reason: message.reason };
  const judgement = judgementOf(test, message);
  if (message.kind === 'call') {
    if (!judgement) return { id: test.id, reason: 'the test has nothing to be compared with' };
    return { id: test.id, kind: 'call', source: message.source, needed: message.needed, judgement };
  }
  const { source, beside, inside, leans } = message;
  return { id: test.id, kind: 'program', source, beside, inside, leans, judgement };
};

/** `messages` follow `tests`. */
export const prepareBatch = (
  tests: readonly ExecutionTest[],
  messages: readonly PreparedTestMessage[],
): PreparedBatch => {
  const all = tests.map((test, index) =>
    preparedTest(test, messages[index] ?? { kind: 'invalid', reason: 'the test was not read' }),
  );
  return {
    tests: all.filter((test): test is PreparedTest => 'kind' in test),
    invalidTests: all.filter((test): test is InvalidTest => 'reason' in test),
  };
};
