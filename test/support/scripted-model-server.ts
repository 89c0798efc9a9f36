/**
 * A real HTTP server that speaks the OpenAI protocol as vLLM does (streams, n samples, seeds, log-probabilities,
 * usage in the last piece). Its answers are a function of (prompt, seed, i); faults come on demand.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export type ScriptedRequest = {
  path: string;
  authorization: string | undefined;
  /** The text to be continued, or all messages with their roles. */
  prompt: string;
  body: Record<string, unknown>;
};

type LogProbabilities = Readonly<Partial<Record<string, number>>>;

export type ScriptedAnswer = {
  text: string;
  finish?: 'stop' | 'length';
  /** Likeliest tokens at each position; without it the token itself at −0.1. */
  top?: LogProbabilities[];
};

/** `seed` is the effective one: that of the request plus i. */
export type Script = (question: { prompt: string; seed: number; request: ScriptedRequest }) => ScriptedAnswer;

export type Fault =
  | { kind: 'status'; status: number; body?: string }
  | {
      kind:
        | 'hang'
        | 'hang-after-a-token'
        | 'half-a-stream'
        | 'half-an-answer'
        | 'html'
        | 'garbage'
        | 'error-event'
        | 'sample-missing'
        | 'no-usage'
        | 'empty';
    };

/** Log-probability of a token of a prompt that is echoed; `before` is all that stands before it. */
export type Scoring = (token: string, before: string) => number;

/** A text that differs with the prompt and the seed and is the same ever after. */
export const echoScript: Script = ({ prompt, seed }) => ({
  text: `answer ${createHash('sha256').update(`${prompt}/${seed}`).digest('hex').slice(0, 12)}`,
});

export type ScriptedModelServer = Awaited<ReturnType<typeof startScriptedModelServer>>;

export const startScriptedModelServer = async ({
  models = ['scripted'],
  script = echoScript,
  scoring = () => -1,
  port = 0,
  onRequest = () => undefined,
}: {
  /** Names that the server offers; a function is asked at every request. */
  models?: readonly string[] | (() => readonly string[]);
  script?: Script;
  scoring?: Scoring;
  /** 0 chooses one; a server that comes back needs its own again. */
  port?: number;
  onRequest?: (request: ScriptedRequest) => void;
} = {}) => {
  const offered = typeof models === 'function' ? models : () => models;
  const state = {
    script,
    scoring,
    requests: [] as ScriptedRequest[],
    faults: [] as Fault[],
    /** Before each answer begins. */
    latencyMs: 0,
    inFlight: 0,
    most: 0,
  };
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const read = await readRequest(request);
    if (read.path === '/v1/models') {
      sendJson(response, 200, { object: 'list', data: offered().map((id) => ({ id, object: 'model' })) });
      return;
    }
    if (!read.path.endsWith('/completions')) {
      sendJson(response, 404, { error: { message: `There is no ${read.path}.` } });
      return;
    }
    state.requests.push(read);
    onRequest(read);
    if (!offered().includes(String(read.body.model))) {
      const message = `The model \`${String(read.body.model)}\` does not exist.`;
      sendJson(response, 404, { error: { message, type: 'NotFoundError', code: 404 } });
      return;
    }
    const fault = state.faults.shift();
    if (state.latencyMs > 0) await delay(state.latencyMs);
    if (read.body.echo === true && !fault) sendJson(response, 200, echoed(read.prompt, state.scoring));
    else if (read.body.stream !== true && !fault)
      sendJson(response, 200, { choices: [{ index: 0, text: 'x' }] });
    else await stream(response, read, state.script, fault);
  };
  const server = createServer((request, response) => {
    state.inFlight += 1;
    state.most = Math.max(state.most, state.inFlight);
    response.once('close', () => {
      state.inFlight -= 1;
    });
    // A broken connection is part of the script.
    respond(request, response).catch(() => response.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    state,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

const readRequest = async (request: IncomingMessage): Promise<ScriptedRequest> => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  const text = Buffer.concat(pieces).toString();
  const body: Record<string, unknown> = text === '' ? {} : JSON.parse(text);
  const messages = Array.isArray(body.messages) ? body.messages : [];
  const chat = messages.map(({ role, content }) => `<${role}>${content}`).join('\n');
  return {
    path: request.url ?? '',
    authorization: request.headers.authorization,
    prompt: typeof body.prompt === 'string' ? body.prompt : chat,
    body,
  };
};

const sendJson = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** The prompt itself with its log-probabilities; the first token of all has none. */
const echoed = (prompt: string, scoring: Scoring) => {
  const tokens = tokensOf(prompt);
  let before = '';
  const values = tokens.map((token, index) => {
    const value = index === 0 ? null : scoring(token, before);
    before += token;
    return value;
  });
  const logprobs = { tokens, token_logprobs: values };
  return {
    choices: [{ index: 0, text: prompt, logprobs, finish_reason: 'length' }],
    usage: { completion_tokens: 0 },
  };
};

const stream = async (
  response: ServerResponse,
  request: ScriptedRequest,
  script: Script,
  fault: Fault | undefined,
): Promise<void> => {
  if (fault?.kind === 'status') {
    response.writeHead(fault.status, { 'content-type': 'application/json' });
    response.end(fault.body ?? JSON.stringify({ error: { message: `scripted ${fault.status}` } }));
    return;
  }
  if (fault?.kind === 'html') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Welcome</body></html>');
    return;
  }
  if (fault?.kind === 'hang') return;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (event: unknown) => response.write(`data: ${JSON.stringify(event)}\n\n`);
  if (fault?.kind === 'garbage') response.write('data: {"choices": [\n\n');
  if (fault?.kind === 'empty') {
    response.end('data: [DONE]\n\n');
    return;
  }

  const isChat = request.path.endsWith('/chat/completions');
  const samples = Number(request.body.n ?? 1) - (fault?.kind === 'sample-missing' ? 1 : 0);
  let tokens = 0;
  for (let index = 0; index < samples; index += 1) {
    const seed = Number(request.body.seed ?? 0) + index;
    const answer = script({ prompt: request.prompt, seed, request });
    for (const [position, token] of tokensOf(answer.text).entries()) {
      send({ choices: [piece(isChat, index, token, answer.top?.[position] ?? { [token]: -0.1 })] });
      tokens += 1;
      if (fault?.kind === 'hang-after-a-token') return;
      if (fault?.kind === 'half-a-stream' && position > 0) {
        response.destroy();
        return;
      }
      if (fault?.kind === 'error-event') {
        send({ error: { message: 'EngineCore encountered an issue', code: 500 } });
        response.end();
        return;
      }
    }
    if (fault?.kind === 'half-an-answer') break;
    const ended = { index, finish_reason: answer.finish ?? 'stop' };
    send({ choices: [isChat ? { ...ended, delta: {} } : { ...ended, text: '', logprobs: null }] });
  }
  if (fault?.kind !== 'no-usage') send({ choices: [], usage: { completion_tokens: tokens } });
  response.end('data: [DONE]\n\n');
};

const tokensOf = (text: string): string[] => text.match(/\s*\S+|\s+$/g) ?? [];

const piece = (isChat: boolean, index: number, token: string, top: LogProbabilities) => {
  const logprob = top[token] ?? -5;
  if (!isChat) {
    const logprobs = { tokens: [token], token_logprobs: [logprob], top_logprobs: [top] };
    return { index, text: token, logprobs, finish_reason: null };
  }
  const likeliest = Object.entries(top).map(([other, value]) => ({ token: other, logprob: value }));
  const logprobs = { content: [{ token, logprob, top_logprobs: likeliest }] };
  return { index, delta: { content: token }, logprobs, finish_reason: null };
};
