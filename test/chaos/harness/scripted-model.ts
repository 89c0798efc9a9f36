/** The scripted model server as the suite drives it: killed, slow, faulty, and asked what it was asked. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { freePort } from '../../support/ports.ts';
import type { Fault } from '../../support/scripted-model-server.ts';
import { ManagedProcess } from './managed-process.ts';

const Answer = z.object({ inFlight: z.int(), faultsLeft: z.int(), requests: z.int() });
const MAIN = fileURLToPath(new URL('./model-main.ts', import.meta.url));

export const startScriptedModel = async (folder: string, baseModel: string) => {
  const port = await freePort();
  const controlPort = await freePort();
  await writeFile(join(folder, 'served-names'), `${baseModel}\n`);
  await writeFile(join(folder, 'requests.log'), '');
  const process_ = new ManagedProcess({
    name: 'model',
    command: [process.execPath, '--import', 'tsx', MAIN, String(port), String(controlPort), folder],
    folder: process.cwd(),
    environment: process.env,
    log: join(folder, 'model.log'),
    readyLine: 'ready',
  });
  await process_.start();
  const order = async (body: { faults?: Fault[]; latencyMs?: number }) => {
    const response = await fetch(`http://127.0.0.1:${controlPort}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return Answer.parse(await response.json());
  };
  return {
    address: `127.0.0.1:${port}`,
    process: process_,
    /** The next requests are spoilt so, one each. */
    spoil: (faults: Fault[]) => order({ faults }),
    slowDown: (latencyMs: number) => order({ latencyMs }),
    state: () => order({}),
    /** Begins to count anew. */
    forget: () => writeFile(join(folder, 'requests.log'), ''),
    /** Requests so far, and how many of them repeat an earlier one. */
    asked: async (): Promise<{ total: number; repeated: number }> => {
      const lines = (await readFile(join(folder, 'requests.log'), 'utf8')).split('\n').filter(Boolean);
      return { total: lines.length, repeated: lines.length - new Set(lines).size };
    },
  };
};
