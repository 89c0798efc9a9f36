import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combineCriteria } from '../../../core/judging/combine-criteria.ts';
import type { ScoredToken } from '../../../core/judging/expected-score.ts';
import { readJudgeAnswer } from '../../../core/judging/judge-answer.ts';
import type { AskedJudge } from '../../../core/prompts/prompt-set.ts';

const stage = (form: 'regex' | 'json-schema', scale: Record<string, number>): AskedJudge => ({
  form,
  ask: 'chat',
  text: '{{stub}}',
  prefix: '',
  sampling: { temperature: 0, topP: 1, maxTokens: 5, stop: [], samples: 1 },
  criteria: [{ name: 'all', text: '' }],
  scale,
});
const at = (token: string, probabilities: Record<string, number> = { [token]: 1 }): ScoredToken => ({
  token,
  top: Object.entries(probabilities).map(([other, value]) => ({ token: other, logprob: Math.log(value) })),
});
const five = { 1: 0, 2: 0.25, 3: 0.5, 4: 0.75, 5: 1 };

describe('readJudgeAnswer', () => {
  it('is the expectation over the score tokens, not the sampled one', () => {
    const positions = [at(' good', { ' good': 0.3, ' bad': 0.1, Good: 0.1, ' the': 0.5 })];
    const read = readJudgeAnswer({ text: ' good', positions }, stage('regex', { good: 1, bad: 0 }));
    expect(read.ok && read.value.score).toBeCloseTo(0.8, 10);
    expect(read.ok && read.value.distribution.bad).toBeCloseTo(0.2, 10);
  });

  it('finds the score in a JSON document wherever its tokens are cut', () => {
    const text = '{"score": 4, "summary": "4 of 5"}';
    for (const cut of [
      ['{"', 'score', '":', ' 4', ',', ' "summary": "4 of 5"}'],
      ['{"score"', ': ', '4', ', "summary": "', '4', ' of 5"}'],
    ]) {
      const positions = cut.map((token) =>
        token.trim() === '4' ? at(token, { [token]: 0.6, ' 5': 0.2, '2': 0.2 }) : at(token),
      );
      const read = readJudgeAnswer({ text, positions }, stage('json-schema', five));
      expect(read.ok && read.value.score).toBeCloseTo(0.6 * 0.75 + 0.2 + 0.2 * 0.25, 10);
      expect(read.ok && read.value.summary).toBe('4 of 5');
    }
  });

  it('takes the first score token before which a look back finds the field', () => {
    const tokens = fc.array(fc.constantFrom('"score"', '"', 'score', ':', '":', ' ', '4', ' 4', '5', '"4'));
    fc.assert(
      fc.property(tokens, (tokens) => {
        const isFound = (token: string, index: number) =>
          token.trim() in five && /"score"\s*:\s*"?$/.test(tokens.slice(0, index).join(''));
        const found = tokens.findIndex(isFound);
        // Each token has a probability of its own, by which its place is known.
        const chance = (index: number) => 1 / (index + 2);
        const positions = tokens.map((token, index) => at(token, { 1: 1 - chance(index), 5: chance(index) }));
        const read = readJudgeAnswer(
          { text: '{"score": 4, "summary": ""}', positions },
          stage('json-schema', five),
        );
        if (found === -1) expect(read).toEqual({ ok: false, reason: 'no-score-token' });
        else expect(read.ok && read.value.score).toBeCloseTo(chance(found), 10);
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[string, Parameters<typeof readJudgeAnswer>, string]>([
    [
      'no score token is likely',
      [{ text: ' x', positions: [at(' x')] }, stage('regex', { good: 1, bad: 0 })],
      'no-score-token',
    ],
    [
      'the server gives no log-probabilities',
      [{ text: '{"score": 4, "summary": ""}', positions: [] }, stage('json-schema', five)],
      'no-score-token',
    ],
    [
      'the document is broken',
      [{ text: '{"score": 4', positions: [at('{"score":'), at(' 4')] }, stage('json-schema', five)],
      'json-invalid',
    ],
  ])('gives no score where %s', (_, [answer, judge], reason) => {
    expect(readJudgeAnswer(answer, judge)).toEqual({ ok: false, reason });
  });
});

describe('combineCriteria', () => {
  const answer = (score: number) => ({
    ok: true as const,
    value: { score, distribution: { good: score, bad: 1 - score }, summary: '' },
  });

  it('is the mean over the criteria', () => {
    const combined = combineCriteria([
      { criterion: 'clarity', answer: answer(0.9) },
      { criterion: 'fit', answer: answer(0.4) },
    ]);
    expect(combined).toEqual({
      ok: true,
      value: {
        score: 0.65,
        reason: 'expected score: clarity 0.90, fit 0.40',
        scores: { clarity: 0.9, fit: 0.4 },
        distribution: { good: 0.65, bad: 0.35 },
      },
    });
  });

  it('has no rating where a criterion has none', () => {
    const missing = { ok: false as const, reason: 'no-score-token' };
    expect(
      combineCriteria([
        { criterion: 'a', answer: answer(1) },
        { criterion: 'b', answer: missing },
      ]),
    ).toEqual(missing);
  });
});
