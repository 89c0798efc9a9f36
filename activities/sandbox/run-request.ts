/** What the runner is told for one run of a candidate: limits, what to do, and the sources behind it. */
import type { LimitsConfig } from '../../core/config/campaign-config.ts';
import type { Result, Run } from '../../core/execution/candidate-progress.ts';
import type { PreparedTest } from '../../core/execution/prepared-test.ts';
import type { RunRequest } from './runner-container.ts';

/** UTF-8 that keeps lone surrogates, as Python’s `surrogatepass` reads them. */
export const encodeSource = (source: string): Buffer => {
  const bytes = Buffer.from(source);
  let at = 0;
  let from = 0;
  for (const { index } of source.matchAll(/\p{Cs}/gu)) {
    // What Buffer puts there, U+FFFD, has three bytes as well.
    at += Buffer.byteLength(source.slice(from, index));
    const code = source.charCodeAt(index);
    bytes.set([0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)], at);
    at += 3;
    from = index + 1;
  }
  return bytes;
};

/** The wall time that the runner gives CPU time (`wall` in infra/sandbox/python/ucoder_runner/session.py). */
const wallMs = (cpuMs: number): number => 5 * cpuMs + 1000;

/** Two loads at most, one of them counted with the candidate’s tests. */
const longestMs = ({ loadTimeoutMs, candidateTimeoutMs, testTimeoutMs }: LimitsConfig): number =>
  2 * wallMs(loadTimeoutMs) + Math.max(wallMs(candidateTimeoutMs), wallMs(testTimeoutMs));

export type Source = {
  readonly source: Buffer;
  /** `source` is not the text, but what the runner made of it when it read it before. */
  readonly isRead: boolean;
  /** No test can change what loading it makes, so that it may be loaded once for all of them. */
  readonly unchanging: boolean;
};

export const runRequest = (
  run: Run,
  tests: readonly PreparedTest[],
  { source, unchanging, isRead }: Source,
  limits: LimitsConfig,
  onResult: (result: Result) => void,
): RunRequest => {
  const message = {
    kind: run.kind,
    order: run.order,
    length: source.length,
    isRead,
    limits: {
      testMs: limits.testTimeoutMs,
      candidateMs: run.candidateMs,
      loadMs: limits.loadTimeoutMs,
      outputBytes: limits.outputBytes,
      memoryMb: limits.memoryMb,
    },
  };
  if (run.kind === 'calls')
    return {
      message: {
        ...message,
        unchanging,
        forks: run.forks,
        unansweredAtMost: run.unansweredAtMost,
        unansweredFrom: run.unansweredFrom,
      },
      body: [source],
      onResult,
      longestMs: longestMs(limits),
    };
  const test = tests[run.order[0]];
  const program = encodeSource(test?.source ?? '');
  const asValue = test?.judgement !== undefined;
  const beside = test?.kind === 'program' ? test.beside : undefined;
  return {
    message: { ...message, beside, asValue, programLength: program.length },
    body: [program, source],
    onResult,
    longestMs: longestMs(limits),
  };
};
