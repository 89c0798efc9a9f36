import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type AuditLine,
  carriedAudit,
  isAuditDue,
  keptAudit,
  nextAudit,
  wholeAudit,
} from '../../../core/steering/audit.ts';

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
      expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(8_200);
      if (Buffer.byteLength(JSON.stringify(all)) < 8_000 && all.length <= 100) expect(kept).toEqual(all);
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

it('sorts what was stored between two reports into what the reports have', () => {
  const lines: AuditLine[] = Array.from({ length: 9 }, (_, index) => ({
    ...{ at: new Date(index).toISOString(), what: 'pause', by: 'ann', reason: '' },
  }));
  expect(wholeAudit([...lines.slice(0, 2), ...lines.slice(5, 7)], lines.slice(1))).toEqual(lines);
});

it('loses no line that is not stored, and stores them in messages that are small', () => {
  const some = fc.array(lineOf, { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 12 }), fc.boolean(), (bursts, isStoring) => {
      const [all, kept]: [AuditLine[], AuditLine[]] = [[], []];
      let [carried, stored]: [AuditLine[], number] = [[], 0];
      const forget = () => {
        const next = carriedAudit(carried, stored);
        stored -= carried.length - next.length;
        carried = next;
      };
      for (const burst of bursts) {
        all.push(...burst);
        carried = [...carried, ...burst];
        forget();
        while (isStoring && isAuditDue(carried, stored)) {
          const next = nextAudit(carried, stored);
          expect(next.length).toBeGreaterThan(0);
          expect(Buffer.byteLength(JSON.stringify(next))).toBeLessThan(20_000);
          kept.push(...next);
          stored += next.length;
          forget();
        }
        expect([...kept, ...carried.slice(stored)]).toEqual(all);
        if (isStoring) expect(Buffer.byteLength(JSON.stringify(carried))).toBeLessThan(14_000);
      }
    }),
    { numRuns: 100 },
  );
});
