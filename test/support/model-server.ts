/** A small model server that speaks the endpoints of vLLM which serving uses; its answers are made up. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Model = { id: string; root: string; max_model_len: number };
type Answer = { status: number; body: unknown };

export type FakeModelServer = Awaited<ReturnType<typeof startModelServer>>;

/** `port`: 0 chooses one; a server that comes back needs its own again. */
export const startModelServer = async ({ port = 0, apiKey }: { port?: number; apiKey?: string } = {}) => {
  const state = {
    models: [] as Model[],
    /** Lists models and completes nothing, as a server that hangs. */
    hangs: false,
    /** Refuses to score prompts, as other servers do. */
    scores: true,
    /** Log-probability of every token of a prompt. */
    logProbability: -1,
    requests: [] as string[],
  };

  const answer = (path: string, body: Record<string, unknown>): Answer => {
    const known = state.models.some(({ id }) => id === body.model);
    switch (path) {
      case 'GET /v1/models':
        return { status: 200, body: { object: 'list', data: state.models } };
      case 'POST /tokenize': {
        const text = typeof body.prompt === 'string' ? body.prompt : JSON.stringify(body.messages);
        return { status: 200, body: { tokens: [...text].map((letter) => letter.charCodeAt(0)) } };
      }
      case 'POST /v1/completions':
        if (!known) return { status: 404, body: { error: { message: `no ${String(body.model)}` } } };
        if (body.prompt_logprobs !== undefined && !state.scores)
          return { status: 400, body: { error: 'unknown field' } };
        return { status: 200, body: { choices: [{ text: 'x', prompt_logprobs: scored(body) }] } };
      case 'POST /v1/load_lora_adapter':
        state.models.push({ id: String(body.lora_name), root: String(body.lora_path), max_model_len: 2048 });
        return { status: 200, body: 'Success' };
      case 'POST /v1/unload_lora_adapter':
        state.models = state.models.filter(({ id }) => id !== body.lora_name);
        return { status: 200, body: 'Success' };
    }
    return { status: 404, body: {} };
  };

  const scored = ({ prompt, prompt_logprobs }: Record<string, unknown>) =>
    prompt_logprobs === undefined || !Array.isArray(prompt)
      ? null
      : prompt.map((token, index) =>
          index === 0
            ? null
            : { [String(token)]: { logprob: state.logProbability, rank: 3 }, 1: { logprob: -0.1 } },
        );

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const path = `${request.method} ${request.url}`;
    state.requests.push(path);
    const text = Buffer.concat(chunks).toString();
    if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`) {
      response.writeHead(401).end('{}');
      return;
    }
    if (state.hangs && path === 'POST /v1/completions') return;
    const { status, body } = answer(path, text === '' ? {} : JSON.parse(text));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };

  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}/v1`,
    state,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
