/** Asks a service whether it can be used. Never throws: no answer is `false`. */
import { type RequestOptions, request } from 'node:http';
import { connect } from 'node:net';
import { readSince } from './log-file.ts';
import type { Health } from './service.ts';

/** A model server under full load answers late; it is not dead for that. */
export const ANSWER_TIMEOUT_MS = 10_000;

/** `log` and `offset`: the service's log and how long it was when this process started. */
export const checkHealth = (
  health: Health,
  log: { file: string; offset: number },
  timeoutMs: number = ANSWER_TIMEOUT_MS,
): Promise<boolean> => {
  switch (health.kind) {
    case 'http':
      return answers(urlOptions(health.url), timeoutMs);
    case 'unix-http':
      return answers({ socketPath: health.socketPath, path: health.path }, timeoutMs);
    case 'tcp':
      return accepts(health.port, timeoutMs);
    case 'log':
      return readSince(log.file, log.offset).then((text) => text.includes(health.line));
  }
};

const urlOptions = (text: string): RequestOptions => {
  const { hostname, port, pathname } = new URL(text);
  return { hostname, port, path: pathname };
};

const answers = (target: RequestOptions, timeout: number): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request({ ...target, timeout, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode !== undefined && response.statusCode < 300);
    });
    asked.once('timeout', () => asked.destroy(new Error('timeout')));
    asked.once('error', () => resolve(false));
    asked.end();
  });

const accepts = (port: number, timeout: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout });
    const end = (healthy: boolean) => {
      socket.destroy();
      resolve(healthy);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
