/** What anybody can type after `temporal workflow update execute --input`: refused in a few words, or small once taken. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { CampaignConfig } from '../../../core/config/campaign-config.ts';
import { UcoderError } from '../../../core/errors.ts';
import { changedConfig } from '../../../core/steering/campaign-changes.ts';
import {
  PauseRequest,
  ResumeRequest,
  RetryRequest,
  RetuneRequest,
  ReviewRequest,
  RollbackRequest,
  readRequest,
  StopRequest,
} from '../../../core/steering/requests.ts';

const REQUESTS: Record<string, z.ZodType> = {
  ...{ pause: PauseRequest, resume: ResumeRequest, stop: StopRequest, retune: RetuneRequest },
  ...{ rollback: RollbackRequest, retry: RetryRequest, review: ReviewRequest },
};
const MEGABYTE = 2 ** 20;
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`key${n}`, n]));
const ids = Array.from({ length: 10_000 }, (_, n) => `p${n}`);

/** The refusal; undefined where it was taken. */
const refusal = (schema: z.ZodType, value: unknown): UcoderError | undefined => {
  try {
    readRequest(schema, value);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof UcoderError)) throw thrown;
    return thrown;
  }
};

describe.each(Object.entries(REQUESTS))('%s', (_, schema) => {
  it.each<[string, unknown]>([
    ['a reason of a megabyte', { reason: 'x'.repeat(MEGABYTE) }],
    // Trimmed it would be nothing, and the history would keep all of it.
    ['a megabyte of blanks as the reason', { reason: ' '.repeat(MEGABYTE) }],
    ['a megabyte of blanks as the name', { by: `ann${' '.repeat(MEGABYTE)}` }],
    ['nobody', { by: ' \u202e ' }],
    ['ten thousand unknown keys', many(10_000)],
    ['a key of a megabyte', { ['k'.repeat(MEGABYTE)]: 1 }],
    ['ten thousand ids', { problems: ids, problem: ids }],
    ['ten thousand settings', { settings: many(10_000) }],
    ['settings five thousand deep', { settings: JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`) }],
    ['another prototype', JSON.parse('{"__proto__": {"by": "x"}}')],
    ['a list', ['now']],
    ['a word', 'now'],
    ['a number', 3],
    ['false', false],
  ])('refuses %s in a few words', (_name, value) => {
    const error = refusal(schema, value);
    expect(error).toMatchObject({ code: 'invalid-input' });
    expect(error?.message.length).toBeGreaterThan(10);
    expect(error?.message.length).toBeLessThan(10_000);
  });

  it('answers anything at all with a typed refusal or a request of one line each', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record({ by: fc.string(), reason: fc.string() })), (value) => {
        if (refusal(schema, value)) return;
        const taken = readRequest(schema, value) as { by: string; reason: string };
        for (const text of [taken.by, taken.reason])
          expect(text).toMatch(/^[^\p{Cc}\p{Cf}\n\u2028\u2029]*$/u);
        expect(taken.by).not.toBe('');
      }),
    );
  });
});

it('refuses a problem or a candidate that is no id', () => {
  const text = 'p'.repeat(MEGABYTE);
  expect(refusal(ReviewRequest, { problem: text, decision: 'accept' })).toBeDefined();
  expect(refusal(ReviewRequest, { problem: 'p1', decision: 'replace', candidate: text })).toBeDefined();
});

it('takes no settings that a message could not carry', () => {
  const lists = {
    nonTrivial: Array.from({ length: 10_000 }, () => 'some-pass'),
    tieBreakers: Array.from({ length: 10_000 }, () => 'lint'),
    vetoes: Array.from({ length: 10_000 }, () => ({ signal: 'lint', max: 1 })),
  };
  for (const [key, list] of Object.entries(lists))
    expect(refusal(RetuneRequest, { settings: { selection: { [key]: list } } })?.message).toContain(key);
});

it.each(['budget', 'review'])('takes no %s.hours that no timer can wait for', (section) => {
  for (const hours of [1e300, 1e9, 0, -1])
    expect(refusal(RetuneRequest, { settings: { [section]: { hours } } })?.message).toContain('hours');
  const { settings } = readRequest(RetuneRequest, { settings: { [section]: { hours: 87_600 } } });
  const config = changedConfig(CampaignConfig.parse({ name: 'a', model: { base: 'b' } }), settings);
  const until = Date.now() + (config[section as 'review'].hours ?? 0) * 3_600_000;
  expect(new Date(until).toISOString()).toMatch(/^20/);
});
