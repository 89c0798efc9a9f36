import { describe, expect, it } from 'vitest';
import { readEnvironment, wantsDebug } from '../../infra/environment.ts';

describe('readEnvironment', () => {
  it('refuses a number that is none, naming the variable and what it must be', () => {
    expect(() => readEnvironment({ UCODER_MODEL_PORT: '81OO' })).toThrow(
      'The environment variable UCODER_MODEL_PORT is "81OO"; it must be a port from 1 to 65535.',
    );
    for (const text of ['0', '65536', '7233.5', '-1'])
      expect(() => readEnvironment({ UCODER_TEMPORAL_PORT: text })).toThrow('UCODER_TEMPORAL_PORT');
    expect(() => readEnvironment({ UCODER_IDLE_SECONDS: 'soon' })).toThrow('a number of seconds above 0');
  });

  it('takes what is not set, or empty, for the default', () => {
    const { temporalPort, modelPort, idleSeconds } = readEnvironment({ UCODER_MODEL_PORT: '' });
    expect([temporalPort, modelPort, idleSeconds]).toEqual([7233, 8100, undefined]);
  });

  it('tells whether stack traces are wanted, whatever else is wrong', () => {
    expect(wantsDebug({ UCODER_DEBUG: '1', UCODER_MODEL_PORT: 'x' })).toBe(true);
    expect(wantsDebug({})).toBe(false);
  });
});
