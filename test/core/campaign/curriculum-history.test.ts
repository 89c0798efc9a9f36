import { describe, expect, it } from 'vitest';
import { curriculumHistory } from '../../../core/campaign/curriculum-history.ts';
import { briefOf, type IterationBrief } from '../../../core/report/iteration-brief.ts';
import type { CheckpointSource } from '../../../core/report/iteration-record.ts';
import { workWith } from '../report/records.ts';

const record = (n: number, from?: CheckpointSource): IterationBrief =>
  briefOf({ n, evaluation: [], stages: {}, ...(from ? { work: workWith({ from }) } : {}) });
const iterations = [record(0), record(1, 'base'), record(2, { iteration: 1 }), record(3, { iteration: 2 })];

describe('curriculumHistory', () => {
  it('looks back on every earlier iteration that made something', () => {
    expect(curriculumHistory(iterations, null, 4)).toEqual({ step: 3, measuredIn: [1, 2, 3] });
    expect(curriculumHistory(iterations, null, 2)).toEqual({ step: 1, measuredIn: [1] });
    expect(curriculumHistory([record(0), record(1)], null, 2)).toEqual({ step: 1, measuredIn: [] });
    expect(curriculumHistory([], null, 1)).toEqual({ step: 0, measuredIn: [] });
  });

  it('keeps, after a rollback, what was measured of the models that are left', () => {
    // Iteration 2 was given up, but it measured the checkpoint that the campaign went back to.
    expect(curriculumHistory(iterations, { to: 1, since: 3 }, 4)).toEqual({ step: 1, measuredIn: [1, 2] });
    expect(curriculumHistory(iterations, { to: 0, since: 3 }, 4)).toEqual({ step: 0, measuredIn: [1] });
  });
});
