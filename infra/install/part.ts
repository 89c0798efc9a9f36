/** What every installer looks like from outside, and what an installation gives. */

export const PART_NAMES = [
  'temporal',
  's3',
  'python',
  'model',
  'humaneval',
  'docker',
  'sandbox-image',
] as const;
export type PartName = (typeof PART_NAMES)[number];

/** One line of progress: which part, and what it does now. */
export type Progress = Readonly<{ part: PartName; activity: string }>;
export type Report = (progress: Progress) => void;

/** An installer. Killing it at any moment is harmless: what is half made is never found by isInstalled. */
export type Part<Result> = Readonly<{
  name: PartName;
  /** What is there already, or undefined. Looks at files only, so it is quick. */
  isInstalled(): Promise<Result | undefined>;
  install(say: (activity: string) => void): Promise<Result>;
}>;

/** How to reach a Docker engine; `ownsEngine` says that it is ours to start. */
export type DockerEngine = Readonly<
  | { kind: 'socket'; socketPath: string; ownsEngine: false }
  | { kind: 'host'; host: string; ownsEngine: false }
  | {
      kind: 'private';
      socketPath: string;
      ownsEngine: true;
      /** The dockerd process: command line and environment (its helpers are found on this PATH). */
      command: readonly [string, ...string[]];
      variables: Readonly<Record<string, string>>;
      dataRoot: string;
    }
>;

/** Everything the stack is started from. A part that the user's own service replaces is absent. */
export type Installed = Readonly<{
  temporal?: string;
  s3?: string;
  /** The interpreter of the one Python environment: vLLM, the trainer, the benchmark, ruff, pytest. */
  python?: string;
  model?: { name: string; path: string; weightsSha256: string };
  humaneval?: string;
  docker?: DockerEngine;
  /** Tags, one a language of the sandbox. */
  sandboxImages?: readonly string[];
}>;
