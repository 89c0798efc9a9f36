/** One update of a workflow: whatever anybody sends is checked first, then refused in words or acted upon. */
import { ApplicationFailure, type UpdateDefinition } from '@temporalio/common';
import { setHandler } from '@temporalio/workflow';
import type { z } from 'zod';
import { UcoderError } from '../core/errors.ts';
import { readRequest } from '../core/steering/requests.ts';

type Handling<S extends z.ZodType, A> = {
  /** Thrown: a refusal. What is refused leaves no event. */
  check: (request: z.output<S>) => void;
  act: (request: z.output<S>) => Promise<A>;
};

export const acceptRequest = <S extends z.ZodType, A>(
  definition: UpdateDefinition<A, [Partial<z.output<S>>]>,
  schema: S,
  { check, act }: Handling<S, A>,
): void => {
  const handle = (request: unknown): Promise<A> => act(readRequest(schema, request));
  const validator = (request: unknown, ...more: unknown[]): void => {
    try {
      if (more.length > 0) throw new UcoderError('invalid-input', 'One object is taken, and nothing more.');
      check(readRequest(schema, request));
    } catch (thrown) {
      if (!(thrown instanceof UcoderError)) throw thrown;
      throw ApplicationFailure.nonRetryable(thrown.message, thrown.code);
    }
  };
  setHandler(definition as UpdateDefinition<A, [unknown]>, handle, { validator });
};
