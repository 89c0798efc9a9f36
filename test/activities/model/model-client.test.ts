import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createModelClient } from '../../../activities/model/model-client.ts';
import type { ModelRequest } from '../../../activities/model/model-request.ts';
import type { ErrorCode } from '../../../core/errors.ts';
import {
  echoScript,
  type Fault,
  type ScriptedModelServer,
  startScriptedModelServer,
} from '../../support/scripted-model-server.ts';

let server: ScriptedModelServer;
beforeEach(async () => {
  server = await startScriptedModelServer();
});
afterEach(() => server.close());

/** A machine busy with other tests answers late: only a test about stalling may be in a hurry. */
const patient = { firstTokenMs: 60_000, idleMs: 60_000 };
const hasty = { firstTokenMs: 400, idleMs: 200 };
const client = (deadlines = patient) =>
  createModelClient({ url: server.url, apiKey: 'sk-secret-key' }, deadlines);

const request: ModelRequest = {
  model: 'scripted',
  prompt: { ask: 'completion', prompt: 'Once upon', prefix: '' },
  temperature: 0.8,
  topP: 0.95,
  maxTokens: 20,
  stop: ['\n\n'],
  samples: 3,
  seed: 41,
};
const chat: ModelRequest['prompt'] = {
  ask: 'chat',
  messages: [
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: '```python\ndef f():' },
  ],
  prefix: '```python\ndef f():',
};

describe('a completion', () => {
  it('brings all samples with their tokens and perplexity', async () => {
    server.state.script = ({ seed }) => ({
      text: `a ${'b '.repeat(seed - 41)}`.trim(),
      finish: seed === 42 ? 'length' : 'stop',
      top: [{ a: -1 }, { ' b': -3 }, { ' b': -3 }],
    });
    const { choices, tokens } = await client().ask(request);
    expect(tokens).toBe(6);
    expect(choices.map(({ text, finish, tokens }) => [text, finish, tokens])).toEqual([
      ['a', 'stop', 1],
      ['a b', 'length', 2],
      ['a b b', 'stop', 3],
    ]);
    expect(choices.map(({ perplexity }) => perplexity)).toEqual([
      Math.exp(1),
      Math.exp(2),
      expect.closeTo(Math.exp(7 / 3), 10),
    ]);
  });

  it('sends what vLLM understands', async () => {
    await client().ask({ ...request, topLogprobs: 20, constraint: { regex: 'a+' } });
    expect(server.state.requests[0]).toMatchObject({
      path: '/v1/completions',
      authorization: 'Bearer sk-secret-key',
      body: {
        prompt: 'Once upon',
        n: 3,
        seed: 41,
        temperature: 0.8,
        top_p: 0.95,
        max_tokens: 20,
        stop: ['\n\n'],
        logprobs: 20,
        stream: true,
        stream_options: { include_usage: true },
        structured_outputs: { regex: 'a+' },
      },
    });
  });

  it('brings the likeliest tokens of each position where they are asked for', async () => {
    server.state.script = () => ({ text: ' good', top: [{ ' good': -0.2, ' bad': -1.8 }] });
    const { choices } = await client().ask({ ...request, samples: 1, topLogprobs: 2 });
    expect(choices[0]?.positions).toEqual([
      {
        token: ' good',
        top: [
          { token: ' good', logprob: -0.2 },
          { token: ' bad', logprob: -1.8 },
        ],
      },
    ]);
  });
});

describe('a chat', () => {
  it('continues an answer that is begun', async () => {
    const { choices } = await client().ask({ ...request, prompt: chat, samples: 1 });
    expect(choices[0]?.text).toBe(
      echoScript({ prompt: '<user>Hello\n<assistant>```python\ndef f():', seed: 41, request: seen() }).text,
    );
    expect(seen().body).toMatchObject({ continue_final_message: true, add_generation_prompt: false });
  });

  it('asks for a JSON document by its schema', async () => {
    const prompt: ModelRequest['prompt'] = {
      ask: 'chat',
      messages: [{ role: 'user', content: 'Hi' }],
      prefix: '',
    };
    await client().ask({ ...request, prompt, constraint: { jsonSchema: { type: 'object' } } });
    expect(seen().body).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { schema: { type: 'object' } } },
    });
    expect(seen().body).not.toHaveProperty('continue_final_message');
  });
});

describe('a score', () => {
  it('is that of the tokens of the text alone', async () => {
    server.state.scoring = (token, before) => -(before.length + token.length) / 100;
    const scores = await client().score({ model: 'scripted', given: 'one two', scored: ' three four' });
    expect(scores).toEqual([-0.13, -0.18]);
    expect(seen().body).toMatchObject({ prompt: 'one two three four', echo: true, max_tokens: 0 });
  });

  it('is refused where the server echoes something else', async () => {
    server.state.faults.push({ kind: 'html' });
    const asked = client().score({ model: 'scripted', given: 'a', scored: ' b' });
    await expect(asked).rejects.toMatchObject({ code: 'model-answer-invalid' });
  });

  it('stalls where nothing comes back', async () => {
    server.state.faults.push({ kind: 'hang' });
    const asked = client(hasty).score({ model: 'scripted', given: 'a', scored: ' b' });
    await expect(asked).rejects.toMatchObject({ code: 'model-stalled' });
  });
});

const seen = () => {
  const first = server.state.requests[0];
  if (!first) throw new Error('the server saw no request');
  return first;
};

describe('a fault', () => {
  const codeOf = async (fault: Fault): Promise<ErrorCode> => {
    server.state.faults.push(fault);
    const thrown = await client(fault.kind.startsWith('hang') ? hasty : patient)
      .ask(request)
      .catch((error) => error);
    return thrown.code;
  };

  it.each<[Fault, ErrorCode]>([
    [{ kind: 'status', status: 400 }, 'model-refused'],
    [{ kind: 'status', status: 401 }, 'model-refused'],
    [{ kind: 'status', status: 404 }, 'model-missing'],
    [{ kind: 'status', status: 429 }, 'model-unavailable'],
    [{ kind: 'status', status: 500 }, 'model-unavailable'],
    [{ kind: 'status', status: 503, body: '<html>Bad gateway</html>' }, 'model-unavailable'],
    [{ kind: 'error-event' }, 'model-unavailable'],
    [{ kind: 'half-a-stream' }, 'model-unavailable'],
    [{ kind: 'half-an-answer' }, 'model-answer-invalid'],
    [{ kind: 'html' }, 'model-answer-invalid'],
    [{ kind: 'garbage' }, 'model-answer-invalid'],
    [{ kind: 'sample-missing' }, 'model-answer-invalid'],
    [{ kind: 'no-usage' }, 'model-answer-invalid'],
    [{ kind: 'empty' }, 'model-answer-invalid'],
    [{ kind: 'hang' }, 'model-stalled'],
    [{ kind: 'hang-after-a-token' }, 'model-stalled'],
  ])('%j is %s', async (fault, code) => {
    expect(await codeOf(fault)).toBe(code);
    expect(server.state.requests).toHaveLength(1);
  });

  it('is model-unavailable where nothing listens', async () => {
    const nobody = createModelClient({ url: 'http://127.0.0.1:9' }, patient);
    await expect(nobody.ask(request)).rejects.toMatchObject({ code: 'model-unavailable' });
  });

  it('is model-missing, with the server’s words, for a model that the server lacks', async () => {
    await expect(client().ask({ ...request, model: 'other' })).rejects.toMatchObject({
      code: 'model-missing',
      message: expect.stringContaining('The model `other` does not exist.'),
    });
  });

  it('never shows the key, and keeps long messages short', async () => {
    const body = JSON.stringify({ error: { message: `bad key sk-secret-key ${'x'.repeat(9000)}` } });
    server.state.faults.push({ kind: 'status', status: 401, body });
    const thrown: Error = await client()
      .ask(request)
      .catch((error) => error);
    expect(thrown.message).toContain('bad key [key]');
    expect(thrown.message.length).toBeLessThan(600);
    expect(JSON.stringify({ ...thrown, cause: thrown.cause })).not.toContain('sk-secret-key');
  });
});

describe('the answer’s size', () => {
  const megabytes = (count: number) => ` ${'x'.repeat(999)}`.repeat(1000 * count);

  it('may be a megabyte', async () => {
    server.state.script = () => ({ text: megabytes(1) });
    const { choices } = await client().ask({ ...request, samples: 1 });
    expect(choices[0]?.text).toHaveLength(1_000_000);
  });

  it('ends somewhere', async () => {
    server.state.script = () => ({ text: megabytes(9) });
    await expect(client().ask({ ...request, samples: 1 })).rejects.toMatchObject({
      code: 'model-answer-invalid',
    });
  });
});

describe('an abort', () => {
  it('ends the request at the server, and the reason comes out', async () => {
    server.state.faults.push({ kind: 'hang-after-a-token' });
    const controller = new AbortController();
    const asked = createModelClient({ url: server.url }).ask(request, controller.signal);
    const ended = expect(asked).rejects.toThrow('stop it');
    await expect.poll(() => server.state.requests.length).toBe(1);
    controller.abort(new Error('stop it'));
    await ended;
    await expect.poll(() => server.state.inFlight).toBe(0);
  });
});
