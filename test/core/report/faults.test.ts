import { describe, expect, it } from 'vitest';
import { type FaultRecord, summariseFaults } from '../../../core/report/faults.ts';

const fault = (minute: number, code: string, activity = 'sampleCandidates'): FaultRecord => ({
  at: `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`,
  workflow: 'campaign/a/iteration-1/p0001',
  activity,
  attempt: 1,
  code,
  message: 'what happened',
});

describe('summariseFaults', () => {
  it('counts by code and by activity, and shows them in the order of time', () => {
    const summary = summariseFaults([
      fault(3, 'lost'),
      fault(1, 'model-stalled'),
      fault(2, 'lost', 'checkTests'),
    ]);
    expect(summary.total).toBe(3);
    expect(summary.byCode).toEqual({ lost: 2, 'model-stalled': 1 });
    expect(summary.byActivity).toEqual({ checkTests: 1, sampleCandidates: 2 });
    expect(summary.latest.map(({ code }) => code)).toEqual(['model-stalled', 'lost', 'lost']);
  });

  it('shows the latest two hundred and counts them all', () => {
    const { total, latest } = summariseFaults(Array.from({ length: 500 }, (_, n) => fault(n % 60, 'lost')));
    expect(total).toBe(500);
    expect(latest).toHaveLength(200);
  });
});
