import { describe, expect, it } from 'vitest';
import {
  type MeasuredSelection,
  measuredProblems,
} from '../../../../core/problems/curriculum/measured-problem.ts';
import type { JudgedProblem } from '../../../../core/problems/problem.ts';

const problem = (id: string, accepted = true, difficulty?: number) => ({
  problem: { id, domain: 'tool-usage', topic: 't' } as JudgedProblem['problem'],
  accepted,
  ...(difficulty === undefined ? {} : { difficulty }),
});
const selection = (problemId: string, over: Partial<MeasuredSelection> = {}): MeasuredSelection => ({
  ...{ problemId, selected: 'c1', evidence: { clusterShare: 0.4 }, rules: [] },
  ...{ health: { largestShare: 0.6 } },
  ...over,
});
const undecided = { selected: null, evidence: undefined };

describe('measuredProblems', () => {
  const measured = measuredProblems(3, {
    problems: [
      problem('decided', true, 0.7),
      problem('split'),
      problem('small'),
      problem('trivial'),
      problem('untestable'),
      problem('failed'),
      problem('refused', false),
    ],
    selections: [
      selection('decided'),
      selection('split', undecided),
      selection('small', { ...undecided, rules: [{ rule: 'minimum-share', refused: 3 }] }),
      selection('trivial', { ...undecided, rules: [{ rule: 'constant-output', refused: 1 }] }),
    ],
    tests: [
      { problemId: 'decided', tests: 5 },
      { problemId: 'untestable', tests: 1 },
      { problemId: 'failed', tests: 5 },
    ],
    minimum: 2,
  });
  const agreements = Object.fromEntries(measured.map(({ id, agreement }) => [id, agreement]));

  it('takes the share of the chosen cluster, and of the largest where none was chosen', () => {
    expect(agreements).toMatchObject({ decided: 0.4, split: 0.6, small: 0.6 });
    expect(measured[0]).toMatchObject({ iteration: 3, topic: 't', judged: 0.7, decided: true });
    expect(measured[1]).toMatchObject({ judged: null, decided: false });
  });

  it('sees no agreement in a trivial cluster, nor where a problem cannot be tested', () => {
    expect(agreements).toMatchObject({ trivial: 0, untestable: 0 });
  });

  it('knows nothing of a problem that a fault left unmeasured, and leaves refused ones out', () => {
    expect(agreements.failed).toBeNull();
    expect(Object.keys(agreements)).not.toContain('refused');
  });
});
