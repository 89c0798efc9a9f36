/** Brings the local stack up and shows how: a line for each part, its activity as it changes. */
import type { Environment } from '../infra/environment.ts';
import type { Connections } from '../infra/stack/connections.ts';
import { up } from '../infra/stack/up.ts';
import type { UpProgress } from '../infra/stack/up-progress.ts';
import { clock } from './clock.ts';

/** On a pipe, an activity that changes all the time is told at most this often. */
const TELL_MS = 10_000;

export const showUp = async (
  environment: Environment,
  out: NodeJS.WriteStream = process.stdout,
): Promise<Connections> => {
  const started = Date.now();
  const told = new Map<string, { at: number; text: string; done: boolean }>();
  const tell = ({ phase, subject, activity, done }: UpProgress): void => {
    const last = told.get(`${phase} ${subject}`);
    const text = `${phase.padEnd(7)} ${subject}: ${activity}`;
    const now = Date.now();
    if (last && (last.done || last.text === text)) return;
    if (last && !done && !out.isTTY && now - last.at < TELL_MS) return;
    told.set(`${phase} ${subject}`, { at: now, text, done });
    const line = `${clock(now - started)}  ${text}`;
    // On a terminal the line of an activity is overwritten by the next one; what is done stays.
    if (!out.isTTY) out.write(`${line}\n`);
    else out.write(`\r\u001b[K${line.slice(0, Math.max(20, (out.columns ?? 80) - 1))}${done ? '\n' : ''}`);
  };
  const connections = await up(environment, { report: tell });
  out.write(`${clock(Date.now() - started)}  The local stack is up. Temporal UI: ${connections.ui}\n`);
  return connections;
};
