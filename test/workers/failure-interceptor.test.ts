import { ApplicationFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import { UcoderError } from '../../core/errors.ts';
import { toFailure } from '../../workers/failure-interceptor.ts';

it('gives a typed error its code as the type of the failure, and says what to do', () => {
  const failure = toFailure(new UcoderError('campaign-unknown', 'There is no campaign x.'));
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({ type: 'campaign-unknown', nonRetryable: true });
  expect(String(failure)).toContain('There is no campaign x. ');
});

it.each(['ENOSPC', 'EDQUOT'])('tells a full disk (%s) by its own code, to be tried again', (code) => {
  const thrown = Object.assign(new Error(`${code}: no space left on device, write '/jobs/a'`), { code });
  expect(toFailure(thrown)).toMatchObject({ type: 'disk-full', nonRetryable: false, cause: thrown });
  expect(String(toFailure(thrown))).toContain('/jobs/a');
});

it('leaves what it does not know as it is', () => {
  const thrown = new Error('no such thing');
  expect(toFailure(thrown)).toBe(thrown);
});
