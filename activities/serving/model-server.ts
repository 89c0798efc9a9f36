/** The few questions that serving asks an OpenAI-compatible server, in plain HTTP: vLLM's own endpoints are among them. */
import { z } from 'zod';
import { messageOf, UcoderError } from '../../core/errors.ts';

export type ModelServerAddress = { url: string; apiKey?: string | undefined };

/** `root` is the folder that vLLM serves under the name; other servers leave both out. */
export const OfferedModel = z.looseObject({
  id: z.string(),
  root: z.string().nullish(),
  max_model_len: z.int().nullish(),
});
export type OfferedModel = z.infer<typeof OfferedModel>;

const ModelList = z.looseObject({ data: z.array(OfferedModel) });
const REQUEST_TIMEOUT_MS = 120_000;
const LIST_TIMEOUT_MS = 5_000;

export type ModelServer = ReturnType<typeof connectModelServer>;

export const connectModelServer = ({ url, apiKey }: ModelServerAddress) => {
  const root = url.replace(/\/+$/, '').replace(/\/v1$/, '');
  const headers = {
    'content-type': 'application/json',
    ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
  };

  const send = async (
    path: string,
    signal: AbortSignal,
    timeoutMs: number,
    body?: unknown,
  ): Promise<string> => {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${root}${path}`, {
        headers,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      });
      text = await response.text();
    } catch (thrown) {
      if (signal.aborted) throw signal.reason;
      throw new UcoderError(
        'model-unavailable',
        `The model server at ${root} does not answer: ${messageOf(thrown)}.`,
        { cause: thrown },
      );
    }
    if (response.ok) return text;
    const code = response.status >= 500 || response.status === 429 ? 'model-unavailable' : 'model-refused';
    throw new UcoderError(
      code,
      `The model server at ${root}${path} answered ${response.status}: ${text.slice(0, 500)}`,
    );
  };

  return {
    address: root,

    async models(signal: AbortSignal): Promise<OfferedModel[]> {
      return parse(ModelList, await send('/v1/models', signal, LIST_TIMEOUT_MS), root).data;
    },

    async post<T>(path: string, body: unknown, schema: z.ZodType<T>, signal: AbortSignal): Promise<T> {
      return parse(schema, await send(path, signal, REQUEST_TIMEOUT_MS, body), root);
    },

    /** For endpoints whose answer says nothing. */
    async tell(path: string, body: unknown, signal: AbortSignal): Promise<void> {
      await send(path, signal, REQUEST_TIMEOUT_MS, body);
    },
  };
};

const parse = <T>(schema: z.ZodType<T>, text: string, root: string): T => {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UcoderError(
      'model-answer-invalid',
      `The model server at ${root} answered with something else than its protocol: ${text.slice(0, 200)}`,
      { cause },
    );
  }
};
