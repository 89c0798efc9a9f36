/** Asks a service whether it can be used. Never throws: no answer is `false`. */
import { type RequestOptions, request } from 'node:http';
import { connect } from 'node:net';
import { readSince } from './log-file.ts';
import type { Health } from './service.ts';

/** A model server under full load answers late; it is not dead for that. */
const TIMEOUT_MS = 10_000;

/** `log` and `offset`: the service's log and how long it was when this process started. */
export const checkHealth = (health: Health, log: { file: string; offset: number }): Promise<boolean> => {
  switch (health.kind) {
    case 'http':
      return answers(urlOptions(health.url));
    case 'unix-http':
      return answers({ socketPath: health.socketPath, path: health.path });
    case 'tcp':
      return accepts(health.port);
    case 'log':
      return readSince(log.file, log.offset).then((text) => text.includes(health.line));
  }
};

const urlOptions = (text: string): RequestOptions => {
  const { hostname, port, pathname } = new URL(text);
  return { hostname, port, path: pathname };
};

const answers = (target: RequestOptions): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request({ ...target, timeout: TIMEOUT_MS, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode !== undefined && response.statusCode < 300);
    });
    asked.once('timeout', () => asked.destroy(new Error('timeout')));
    asked.once('error', () => resolve(false));
    asked.end();
  });

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: TIMEOUT_MS });
    const end = (healthy: boolean) => {
      socket.destroy();
      resolve(healthy);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
