import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AuditLine, keptAudit, wholeAudit } from '../../../core/steering/audit.ts';

const lineOf = fc.record({
  at: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  what: fc.constantFrom('pause', 'resume'),
  by: fc.string({ maxLength: 100 }),
  reason: fc.string({ maxLength: 500, unit: 'binary' }),
});

it('carries the last lines, as many as there is room for, in less than a message may hold', () => {
  fc.assert(
    fc.property(fc.array(lineOf, { maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (lines, times) => {
      const all = Array.from({ length: times }, () => lines).flat();
      const kept = keptAudit(all);
      expect(kept).toEqual(all.slice(all.length - kept.length));
      expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(17_000);
      if (Buffer.byteLength(JSON.stringify(all)) < 15_000 && all.length <= 200) expect(kept).toEqual(all);
    }),
    { numRuns: 50 },
  );
});

it('writes every line once, whatever a campaign still carries of them', () => {
  const lines: AuditLine[] = Array.from({ length: 500 }, (_, index) => ({
    ...{ at: new Date(index).toISOString(), what: 'pause', by: 'ann', reason: 'x'.repeat(400) },
  }));
  let [written, carried]: [AuditLine[], AuditLine[]] = [[], []];
  for (const line of lines) {
    carried = keptAudit([...carried, line]);
    written = wholeAudit(written, carried);
  }
  expect(carried.length).toBeLessThan(50);
  expect(written).toEqual(lines);
});
