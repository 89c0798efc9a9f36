/** What a service of the local stack is: plain data, so that it can be compared, printed and handed on. */

export const SERVICE_NAMES = [
  'temporal',
  's3',
  'model',
  'docker-engine',
  'worker-control',
  'worker-model',
  'worker-sandbox',
  'worker-training',
] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export type Role = 'server' | 'model' | 'engine' | 'worker' | 'supervisor';

/** How a service shows that it can be used. */
export type Health =
  | { kind: 'http'; url: string }
  | { kind: 'unix-http'; socketPath: string; path: string }
  | { kind: 'tcp'; port: number }
  /** It has written `line` to its log since it was started. */
  | { kind: 'log'; line: string };

/** A TCP port that the service listens on, and the variable that moves it. */
export type ServicePort = Readonly<{ port: number; variable: string }>;

export type Service<Name extends string = string> = Readonly<{
  name: Name;
  role: Role;
  command: readonly [string, ...string[]];
  folder: string;
  /** Added to what the supervisor inherited; undefined removes a variable. */
  environment: Readonly<Record<string, string | undefined>>;
  /** A file of NAME=value lines: secrets reach the process by its environment, never by its arguments. */
  secrets?: string;
  ports: readonly ServicePort[];
  /** Where clients reach it; null for one that only calls others. */
  address: string | null;
  health: Health;
  /** Folders that must exist before it starts. */
  folders: readonly string[];
  /**
   * The program's own pid file. A killed one leaves it, and the number may by then be another process's, over
   * which the next start would stumble: it is removed unless that process was started with this file.
   */
  pidFile?: string;
  /** From start to the first good health check. */
  readyTimeoutMs: number;
  /** A service that was healthy and answers no check for this long is restarted. */
  unhealthyTimeoutMs: number;
  stop: Readonly<{ signal: 'SIGTERM' | 'SIGINT'; graceMs: number }>;
  dependsOn: readonly string[];
}>;

export type ServiceState =
  /** Not asked for, or stopped. */
  | 'stopped'
  /** Waits for what it depends on. */
  | 'waiting'
  | 'starting'
  | 'healthy'
  /** Runs, but its checks fail. */
  | 'unhealthy'
  /** Ended by itself; is started again after a pause. */
  | 'backing-off'
  | 'stopping';

/** A line of `ucoder ps --json` (the first five fields are the contract). */
export type ServiceStatus = Readonly<{
  name: string;
  role: Role;
  pid: number | null;
  address: string | null;
  healthy: boolean;
  state: ServiceState;
  /** Starts since the supervisor knows it; an adopted process counts as 0. */
  starts: number;
  /** Failures in a row since it was last stable. */
  failures: number;
  /** Why it does not run, in words for a person. */
  problem: { code: 'port-in-use' | 'service-unhealthy'; message: string } | null;
  log: string;
}>;
