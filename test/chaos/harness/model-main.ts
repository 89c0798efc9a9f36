/**
 * The scripted model server as a process of its own, so that it can be killed: `model-main.ts <port> <folder>`.
 * Its names lie in the folder and so does a line for each request: both survive it.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { campaignScript } from '../../support/campaign-script.ts';
import { type Fault, startScriptedModelServer } from '../../support/scripted-model-server.ts';

const [port = '0', controlPort = '0', folder = '.'] = process.argv.slice(2);
const names = join(folder, 'served-names');
const log = join(folder, 'requests.log');

const server = await startScriptedModelServer({
  port: Number(port),
  script: campaignScript,
  models: () => (existsSync(names) ? readFileSync(names, 'utf8').split('\n').filter(Boolean) : []),
  onRequest: ({ path, prompt, body }) => {
    // A look whether the model is served is no work.
    if (body.max_tokens === 1 && body.echo !== true) return;
    const asked = JSON.stringify([path, body.model, prompt, body.seed, body.n, body.echo]);
    appendFileSync(log, `${createHash('sha256').update(asked).digest('hex')}\n`);
  },
});

const Order = z.object({
  faults: z.array(z.custom<Fault>((value) => typeof value === 'object')).optional(),
  latencyMs: z.number().optional(),
});
createServer(async (request, response) => {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  const { faults, latencyMs } = Order.parse(JSON.parse(Buffer.concat(pieces).toString() || '{}'));
  if (faults) server.state.faults = [...faults];
  if (latencyMs !== undefined) server.state.latencyMs = latencyMs;
  const { inFlight, faults: left, requests } = server.state;
  response.end(JSON.stringify({ inFlight, faultsLeft: left.length, requests: requests.length }));
}).listen(Number(controlPort), '127.0.0.1', () => process.stdout.write('ready\n'));
