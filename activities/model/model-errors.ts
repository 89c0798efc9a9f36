/** What went wrong with a request, in the words of core/errors.ts. The server's message is kept, the key never. */
import { APIConnectionError, APIError } from 'openai';
import { type ErrorCode, messageOf, UcoderError } from '../../core/errors.ts';
import type { ModelServer } from './model-request.ts';

const MAXIMUM_LENGTH = 400;

/** These pass; other 4xx are the request's own fault. */
const PASSING_STATUS = new Set([408, 409, 425, 429]);

export const classifyModelError = (
  thrown: unknown,
  { url, apiKey, model }: ModelServer & { model: string },
): UcoderError => {
  if (thrown instanceof UcoderError) return thrown;
  const told = shortened(withoutKey(rootMessage(thrown), apiKey));
  // The cause is not handed on: it carries the request's headers, and with them the key.
  const error = (code: ErrorCode, message: string) => new UcoderError(code, message);
  if (thrown instanceof APIConnectionError) {
    return error('model-unavailable', `The model server ${url} cannot be reached: ${told}`);
  }
  if (thrown instanceof APIError) {
    const status = Number(thrown.status);
    if (status === 404) {
      return error('model-missing', `The model server ${url} does not offer ${model} (404): ${told}`);
    }
    if (status >= 400 && status < 500 && !PASSING_STATUS.has(status)) {
      return error('model-refused', `The model server ${url} refused the request (${status}): ${told}`);
    }
    const state = Number.isNaN(status) ? 'failed in mid-answer' : `answered ${status}`;
    return error('model-unavailable', `The model server ${url} ${state}: ${told}`);
  }
  if (thrown instanceof SyntaxError) {
    return error('model-answer-invalid', `The model server ${url} sent what is no JSON: ${told}`);
  }
  // undici: the connection broke while the answer was read.
  return error('model-unavailable', `The answer of the model server ${url} broke off: ${told}`);
};

const rootMessage = (thrown: unknown): string => {
  const message = messageOf(thrown);
  if (!(thrown instanceof Error) || thrown.cause === undefined) return message;
  const cause = rootMessage(thrown.cause);
  return message.includes(cause) ? message : `${message} ${cause}`;
};

const withoutKey = (text: string, apiKey: string | undefined): string =>
  apiKey ? text.replaceAll(apiKey, '[key]') : text;

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  const short = line.length > MAXIMUM_LENGTH ? `${line.slice(0, MAXIMUM_LENGTH)}…` : line;
  // The cut may have gone through a pair.
  return short.toWellFormed();
};
