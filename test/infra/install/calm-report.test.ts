import { describe, expect, it } from 'vitest';
import { calmReport } from '../../../infra/install/calm-report.ts';

describe('calmReport', () => {
  it('passes a new kind of activity at once, and repeats of it only after a while', () => {
    let time = 0;
    const said: string[] = [];
    const say = calmReport(
      (activity) => said.push(activity),
      () => time,
    );
    for (let count = 1; count <= 10; count += 1) {
      say(`unpacking, ${count} of 10`);
      time += 1_000;
    }
    say('building temporal: one');
    say('building temporal: two');
    say('installed');
    expect(said).toEqual([
      'unpacking, 1 of 10',
      'unpacking, 4 of 10',
      'unpacking, 7 of 10',
      'unpacking, 10 of 10',
      'building temporal: one',
      'installed',
    ]);
  });
});
