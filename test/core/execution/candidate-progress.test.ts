import { describe, expect, it } from 'vitest';
import { LimitsConfig } from '../../../core/config/campaign-config.ts';
import { CandidateProgress, judgesFor, type RunEnd } from '../../../core/execution/candidate-progress.ts';
import type { ResultKind } from '../../../core/execution/judge-claim.ts';
import type { PreparedTest } from '../../../core/execution/prepared-test.ts';
import { callTest } from './simulated-runner.ts';

const programTest = (id: string): PreparedTest => ({
  id,
  kind: 'program',
  source: 'f()',
  beside: {},
  inside: false,
  leans: false,
  judgement: undefined,
});

const progressOn = (tests: readonly PreparedTest[], limits: Partial<LimitsConfig> = {}) =>
  new CandidateProgress(tests, judgesFor(tests), LimitsConfig.parse(limits));

const ended = (reason: RunEnd['reason'], parts: Partial<RunEnd> = {}): RunEnd => ({
  reason,
  cpuMs: 1,
  testMs: 1,
  outOfMemory: false,
  ...parts,
});

/** Takes results for the next run and ends it. */
const step = (
  progress: CandidateProgress,
  results: readonly (ResultKind | readonly ['value', string])[],
  end: RunEnd = ended('finished'),
) => {
  const run = progress.next();
  if (!run) throw new Error('The candidate is done.');
  results.forEach((result, position) => {
    const sound =
      typeof result === 'string'
        ? progress.take(run, { position, kind: result })
        : progress.take(run, { position, kind: 'value', text: result[1] });
    expect(sound).toBe(true);
  });
  progress.end(run, end);
  return run;
};

const outcomes = (progress: CandidateProgress) => progress.verdicts.map((verdict) => verdict?.outcome);
const five = ['a', 'b', 'c', 'd', 'e'].map(callTest);

describe('a candidate’s progress', () => {
  it('judges claimed values', () => {
    const progress = progressOn(five);
    step(progress, [['value', '1'], ['value', 'True'], ['value', '2'], ['value', 'junk('], 'other']);
    expect(outcomes(progress)).toEqual(['pass', 'pass', 'fail', 'crash', 'fail']);
    expect(progress.verdicts.map((verdict) => verdict?.output)).toEqual(['1', 'True', '2', null, null]);
    expect(progress.next()).toBeUndefined();
  });

  it('never takes a claim to have passed a test that is judged outside', () => {
    const progress = progressOn(five);
    const run = progress.next();
    expect(run && progress.take(run, { position: 0, kind: 'passed' })).toBe(false);
  });

  it('goes on after a crash with the next test', () => {
    const progress = progressOn(five);
    step(progress, [['value', '1'], 'crash'], ended('stopped'));
    expect(progress.next()).toMatchObject({ kind: 'calls', order: [2, 3, 4] });
  });

  it('believes a timeout only when it comes again in a run alone', () => {
    const progress = progressOn(five);
    step(progress, [['value', '1'], 'timeout'], ended('stopped', { testMs: 1000 }));
    expect(progress.isSuspect).toBe(true);
    progress.runAlone();
    expect(progress.next()).toMatchObject({ order: [1, 2, 3, 4] });
    step(progress, ['timeout'], ended('stopped'));
    step(progress, [['value', '1'], 'timeout'], ended('stopped'));
    expect(outcomes(progress)).toEqual(['pass', 'timeout', 'pass', 'timeout', 'timeout']);
    expect([...progress.ran].sort()).toEqual([0, 1, 2, 3]);
  });

  it('gives the rest up when the candidate’s time is spent twice', () => {
    const progress = progressOn(five, { candidateTimeoutMs: 100 });
    step(progress, [['value', '1'], 'timeout'], ended('budget', { testMs: 120 }));
    expect(progress.isSuspect).toBe(true);
    progress.runAlone();
    expect(progress.next()).toMatchObject({ order: [0, 1, 2, 3, 4], candidateMs: 100 });
    step(progress, [['value', '1'], 'timeout'], ended('budget', { testMs: 120 }));
    expect(outcomes(progress)).toEqual(['pass', 'timeout', 'timeout', 'timeout', 'timeout']);
  });

  it.each([
    ['load-error', 'error'],
    ['load-memory', 'memory'],
    ['load-crash', 'crash'],
    ['load-breach', 'crash'],
  ] as const)('ends every test alike after %s', (reason, outcome) => {
    const progress = progressOn(five);
    step(progress, [], ended(reason));
    expect(outcomes(progress)).toEqual(five.map(() => outcome));
  });

  it('calls a death by the kernel’s out-of-memory killer memory', () => {
    const progress = progressOn(five);
    step(progress, [['value', '1'], 'crash'], ended('stopped', { outOfMemory: true }));
    expect(outcomes(progress).slice(0, 2)).toEqual(['pass', 'memory']);
  });

  it('stops a candidate that breaks the protocol again and again', () => {
    const progress = progressOn(five);
    for (let breach = 0; breach < 3; breach += 1) step(progress, ['crash'], ended('breach'));
    expect(outcomes(progress)).toEqual(five.map(() => 'crash'));
  });

  it('runs calls in stretches, and each program alone, in the order of the tests', () => {
    const progress = progressOn([callTest('a'), callTest('b'), programTest('c'), callTest('d')]);
    expect(
      step(progress, [
        ['value', '1'],
        ['value', '1'],
      ]),
    ).toMatchObject({ kind: 'calls', order: [0, 1] });
    expect(step(progress, ['passed'])).toMatchObject({ kind: 'beside', order: [2] });
    expect(step(progress, [['value', '1']])).toMatchObject({ kind: 'calls', order: [3] });
    expect(outcomes(progress)).toEqual(['pass', 'pass', 'pass', 'pass']);
  });

  it('runs a program inside when it cannot run beside', () => {
    const progress = progressOn([programTest('a')]);
    step(progress, ['inside']);
    expect(progress.next()).toMatchObject({ kind: 'inside', order: [0] });
    step(progress, ['passed']);
    expect(outcomes(progress)).toEqual(['pass']);
    expect([...progress.inside]).toEqual([0]);
  });

  describe('gives up early', () => {
    const ten = Array.from({ length: 10 }, (_, index) => callTest(`t${index}`));
    const progressWhere = (answered: Iterable<number>) => {
      const earlyExit = { answered: new Set(answered), minReliability: 0.8, order: [...ten.keys()] };
      return new CandidateProgress(ten, judgesFor(ten), LimitsConfig.parse({}), undefined, earlyExit);
    };

    it('exactly when the reliability is out of reach', () => {
      const progress = progressWhere(ten.keys());
      expect(progress.next()).toMatchObject({ unansweredAtMost: 2 });
      step(progress, ['error', ['value', '2'], 'error', 'error'], ended('enough'));
      expect(outcomes(progress)).toEqual(['error', 'fail', 'error', 'error', ...Array(6).fill('not-run')]);
      const reliable = progressWhere(ten.keys());
      step(reliable, ['error', 'error', ...Array(8).fill(['value', '1'])]);
      expect(outcomes(reliable)).not.toContain('not-run');
    });

    it('never while a test may need its answer', () => {
      const progress = progressWhere([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      expect(progress.next()).toMatchObject({ unansweredFrom: 10 });
      step(progress, ['error', 'error', 'error', 'error'], ended('dirty'));
      expect(progress.next()).toMatchObject({ order: [4, 5, 6, 7, 8, 9] });
    });

    it('never for misses in tests that nobody has answered', () => {
      const progress = progressWhere([4, 5, 6, 7, 8, 9]);
      step(progress, ['error', 'error', 'error', 'error', ['value', '1']], ended('dirty'));
      expect(progress.next()).toMatchObject({ order: [5, 6, 7, 8, 9], unansweredAtMost: 1 });
    });

    it('in the order that was learned, and lets the runner stop once tests that need an answer are done', () => {
      const earlyExit = {
        answered: new Set([0, 1, 2, 3]),
        minReliability: 0.8,
        order: [4, 3, 2, 1, 0],
      };
      const limits = LimitsConfig.parse({});
      const progress = new CandidateProgress(five, judgesFor(five), limits, undefined, earlyExit);
      expect(progress.next()).toMatchObject({
        order: [4, 3, 2, 1, 0],
        unansweredFrom: 1,
        unansweredAtMost: 1,
      });
      step(progress, ['error', 'error'], ended('enough'));
      expect(outcomes(progress)).toEqual(['not-run', 'not-run', 'not-run', 'error', 'error']);
    });
  });

  describe('run in another order than the tests’ own', () => {
    const backwards = (limits: Partial<LimitsConfig> = {}) => {
      const earlyExit = { answered: new Set<number>(), minReliability: 0, order: [4, 3, 2, 1, 0] };
      const all = LimitsConfig.parse(limits);
      return new CandidateProgress(five, judgesFor(five), all, undefined, earlyExit);
    };
    const alone = (progress: CandidateProgress) => {
      step(progress, ['timeout'], ended('stopped', { testMs: 1000 }));
      progress.runAlone();
    };

    it('ends at the second timeout in the tests’ own order, whatever ran after it', () => {
      const progress = backwards();
      alone(progress);
      step(progress, ['timeout'], ended('stopped'));
      step(progress, [['value', '1'], 'timeout'], ended('stopped'));
      expect(outcomes(progress)).toEqual([undefined, undefined, 'timeout', 'pass', 'timeout']);
      expect(progress.next()).toMatchObject({ order: [1, 0] });
      step(progress, [['value', '1'], 'timeout'], ended('stopped'));
      expect(outcomes(progress)).toEqual(['timeout', 'pass', 'timeout', 'timeout', 'timeout']);
      expect(progress.next()).toBeUndefined();
    });

    it.each(['budget', 'breach'] as const)('starts again in the tests’ own order after a %s', (reason) => {
      const progress = backwards();
      step(progress, [['value', '1'], 'crash'], ended(reason));
      if (reason === 'budget') progress.runAlone();
      expect(outcomes(progress)).toEqual(five.map(() => undefined));
      expect(progress.next()).toMatchObject({ order: [0, 1, 2, 3, 4] });
    });
  });

  it('loads a heavy module once', () => {
    const progress = progressOn(five);
    expect(step(progress, [], ended('heavy'))).toMatchObject({ forks: false });
    expect(progress.next()).toMatchObject({ forks: true, order: [0, 1, 2, 3, 4] });
  });
});
