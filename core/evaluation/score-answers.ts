/** From verdicts to a score. */
import { UcoderError } from '../errors.ts';
import { signTest } from '../statistics/sign-test.ts';
import { wilsonInterval } from '../statistics/wilson-interval.ts';
import type { Answer, AnswerVerdict } from './question.ts';
import type { PairedComparison, Score, ScoredAnswer } from './score.ts';

/** One line a question, in the order of `questionIds`. Thrown: internal, where an answer or a verdict is missing. */
export const scoreLines = (
  questionIds: readonly string[],
  answers: readonly Answer[],
  verdicts: readonly AnswerVerdict[],
): ScoredAnswer[] => {
  const answerOf = new Map(answers.map((answer) => [answer.id, answer]));
  const verdictOf = new Map(verdicts.map((verdict) => [verdict.id, verdict]));
  return questionIds.map((id) => {
    const answer = answerOf.get(id);
    const verdict = verdictOf.get(id);
    if (!answer || !verdict) {
      throw new UcoderError(
        'internal',
        `Question ${id} has no ${answer ? 'verdict' : 'answer'}, so there is no score.`,
      );
    }
    const { code, tokens, finish, discarded } = answer;
    const outcomes: Record<string, number> = {};
    for (const outcome of verdict.outcomes) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    const passed = verdict.outcomes.length > 0 && verdict.outcomes.every((outcome) => outcome === 'pass');
    return { id, passed, outcomes, tokens, finish, code, ...(discarded === undefined ? {} : { discarded }) };
  });
};

export const scoreOf = (lines: readonly ScoredAnswer[], baseLines?: readonly ScoredAnswer[]): Score => {
  const passed = lines.filter((line) => line.passed).length;
  return {
    passAt1: lines.length === 0 ? 0 : passed / lines.length,
    passed,
    total: lines.length,
    ...wilsonInterval(passed, lines.length),
    tokens: lines.reduce((sum, { tokens }) => sum + tokens, 0),
    ...(baseLines ? { againstBase: compareWithBase(lines, baseLines) } : {}),
  };
};

/** Question by question, over those that both were asked. */
export const compareWithBase = (
  lines: readonly Pick<ScoredAnswer, 'id' | 'passed'>[],
  baseLines: readonly Pick<ScoredAnswer, 'id' | 'passed'>[],
): PairedComparison => {
  const base = new Map(baseLines.map(({ id, passed }) => [id, passed]));
  const gained = lines.filter(({ id, passed }) => passed && base.get(id) === false).length;
  const lost = lines.filter(({ id, passed }) => !passed && base.get(id) === true).length;
  return { gained, lost, p: signTest(gained, lost) };
};
