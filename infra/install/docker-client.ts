/** A dockerode client for an engine that was found. */
import Docker from 'dockerode';
import type { DockerEngine } from './part.ts';

/** DOCKER_HOST (unix, tcp, ssh, with or without TLS) is read by dockerode itself, so a host needs no options. */
export const dockerFor = (engine: DockerEngine, timeoutMs?: number): Docker => {
  const timeout = timeoutMs === undefined ? {} : { timeout: timeoutMs };
  return engine.kind === 'host'
    ? new Docker(timeout)
    : new Docker({ ...timeout, socketPath: engine.socketPath });
};
