import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  encodeMessage,
  MessageReader,
  RunnerMessage,
  resultsOf,
} from '../../../activities/sandbox/protocol.ts';

const end = { op: 'end', run: 1, reason: 'finished', cpuMs: 1, testMs: 1, clean: true };

test('results in short form are as many as their letters, in order, and values take the texts', () => {
  expect(resultsOf({ first: 3, kinds: 'VEVT', texts: ['1', '[2]'] })).toEqual([
    { position: 3, kind: 'value', text: '1' },
    { position: 4, kind: 'error' },
    { position: 5, kind: 'value', text: '[2]' },
    { position: 6, kind: 'timeout' },
  ]);
});

test('texts that no value takes are refused', () => {
  expect(() => resultsOf({ first: 0, kinds: 'EE', texts: ['1'] })).toThrow('1 texts for 0 values');
  expect(() => resultsOf({ first: 0, kinds: 'VV', texts: ['1'] })).toThrow('1 texts for 2 values');
});

test('letters that stand for nothing are no message', () => {
  expect(() => RunnerMessage.parse({ ...end, first: 0, kinds: 'V?', texts: ['1'] })).toThrow();
  expect(RunnerMessage.parse({ ...end, first: 0, kinds: 'V', texts: ['1'] })).toMatchObject({ op: 'end' });
});

test('messages are read whatever pieces they come in', () => {
  const message = fc.record({ op: fc.string(), text: fc.string({ unit: 'binary', maxLength: 8 }) });
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
  fc.assert(
    fc.property(fc.array(message, { maxLength: 3 }), cuts, (messages, sizes) => {
      const frames = messages.map((one) => {
        const body = encodeMessage(one);
        const header = Buffer.alloc(8);
        header[0] = 1;
        header.writeUInt32BE(body.length, 4);
        return Buffer.concat([header, body]);
      });
      const bytes = Buffer.concat(frames);
      const reader = new MessageReader();
      const found: unknown[] = [];
      for (let at = 0, piece = 0; at < bytes.length; piece += 1) {
        const size = sizes[piece % sizes.length] ?? 1;
        found.push(...reader.read(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(found).toEqual(messages.map((one) => JSON.parse(JSON.stringify(one))));
    }),
    { numRuns: 40 },
  );
});
