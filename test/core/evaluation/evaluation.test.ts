import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  heldoutCount,
  heldoutOrder,
  heldoutQuestion,
  heldoutTests,
} from '../../../core/evaluation/heldout.ts';
import { humanEvalQuestion, humanEvalTests } from '../../../core/evaluation/humaneval.ts';
import { Question, QuestionTests } from '../../../core/evaluation/question.ts';
import { compareWithBase, scoreLines, scoreOf } from '../../../core/evaluation/score-answers.ts';
import { Matrix, type Outcome } from '../../../core/execution/batch.ts';
import { trainingMessages } from '../../../core/prompts/training-messages.ts';
import { loadPromptSet } from '../../../infra/prompts/load-prompt-set.ts';

describe('the held-out share', () => {
  it('is at least one of two or more, and never all', () => {
    expect([0, 1, 2, 3, 10, 100].map((n) => heldoutCount(n, 0.2))).toEqual([0, 0, 1, 1, 2, 20]);
    expect(heldoutCount(2, 0.99)).toBe(1);
    expect(heldoutCount(10, 0.01)).toBe(1);
  });

  it('is drawn by seed and id, whatever else is in the list', () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^p[0-9]{1,4}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(ids, fc.nat(), (problemIds, seed) => {
        const order = heldoutOrder(problemIds, seed);
        expect(heldoutOrder([...problemIds].reverse(), seed)).toEqual(order);
        const [, ...others] = order;
        expect(heldoutOrder(others, seed)).toEqual(others);
        expect([...order].sort()).toEqual([...problemIds].sort());
      }),
    );
    const many = Array.from({ length: 30 }, (_, i) => `p${i}`);
    expect(heldoutOrder(many, 1)).not.toEqual(heldoutOrder(many, 2));
  });
});

describe('heldoutTests', () => {
  const tests = ['t1', 't2', 't3'].map((id, n) => ({
    id,
    call: `f(${n})`,
    expected: '99',
    category: 'ordinary' as const,
  }));
  const outcomes: Outcome[] = ['fail', 'error', 'pass'];
  const matrix = Matrix.parse({
    id: 'p1',
    tests: ['t1', 't2', 't3'],
    invalidTests: [],
    candidates: [
      { id: 'c1', outcomes, outputs: ['7', null, '[1, 2]'], durationMs: 1 },
      { id: 'c2', outcomes, outputs: [null, null, null], durationMs: 1 },
    ],
  });

  it('expects what the selected candidate answered, not what the model claimed', () => {
    expect(heldoutTests('p1', tests, matrix, 'c1')).toEqual({
      id: 'p1',
      tests: [
        { id: 't1', call: 'f(0)', expected: '7' },
        { id: 't3', call: 'f(2)', expected: '[1, 2]' },
      ],
    });
  });

  it('makes no question where nothing can be written down', () => {
    expect(heldoutTests('p1', tests, matrix, 'c2')).toBeUndefined();
    expect(heldoutTests('p1', tests, matrix, 'c3')).toBeUndefined();
  });
});

describe('heldoutQuestion', () => {
  it('asks with the stub that the model is trained on', async () => {
    const problem = {
      id: 'p0001',
      domain: 'basic-algorithm' as const,
      topic: 'lists',
      functionName: 'f',
      signature: 'def f(x: Optional[List[int]]) -> List[int]:',
      docstring: 'One.\nTwo "quoted"',
    };
    expect(heldoutQuestion(problem).prompt).toBe(
      'from typing import List, Optional\n\n\ndef f(x: Optional[List[int]]) -> List[int]:\n    """One.\n    Two "quoted"\n    """\n',
    );
    const [asked] = trainingMessages(await loadPromptSet('small'), problem, 'def f(x):\n    return x\n');
    expect(asked?.content).toContain(heldoutQuestion(problem).prompt.trimEnd());
  });
});

describe('HumanEval', () => {
  it('keeps the hidden test out of the question', () => {
    const task = {
      task_id: 'HumanEval/0',
      prompt: 'def f(x):\n    """Return x."""\n',
      entry_point: 'f',
      canonical_solution: '    return x\n',
      test: 'def check(candidate):\n    assert candidate(1) == 1\n',
    };
    const question = Question.parse(humanEvalQuestion(task));
    expect(JSON.stringify(question)).not.toContain('check');
    expect(JSON.stringify(question)).not.toContain('return x\\n');
    expect(QuestionTests.parse(humanEvalTests(task)).tests).toEqual([
      { id: 'check', program: `${task.test}\ncheck(f)\n` },
    ]);
  });
});

describe('scores', () => {
  const answer = (id: string) => ({ id, code: 'x', tokens: 3, finish: 'stop' as const });
  const verdict = (id: string, ...outcomes: Outcome[]) => ({
    id,
    outcomes,
    outputs: outcomes.map(() => null),
  });

  it('count a question as passed only where every test passed', () => {
    const ids = ['a', 'b', 'c'];
    const lines = scoreLines(ids, ids.map(answer), [
      verdict('c'),
      verdict('b', 'pass', 'flaky'),
      verdict('a', 'pass', 'pass'),
    ]);
    expect(lines.map(({ passed }) => passed)).toEqual([true, false, false]);
    expect(scoreOf(lines)).toMatchObject({ passed: 1, total: 3, tokens: 9 });
  });

  it('refuse to score where a verdict is missing', () => {
    expect(() => scoreLines(['a'], [answer('a')], [])).toThrow('Question a has no verdict');
    expect(() => scoreLines(['a'], [], [verdict('a', 'pass')])).toThrow('Question a has no answer');
  });

  it('pair questions by id', () => {
    const base = [
      { id: 'a', passed: true },
      { id: 'b', passed: false },
      { id: 'only-base', passed: false },
    ];
    const tuned = [
      { id: 'b', passed: true },
      { id: 'a', passed: true },
      { id: 'only-tuned', passed: true },
    ];
    expect(compareWithBase(tuned, base)).toEqual({ gained: 1, lost: 0, p: 1 });
  });
});
