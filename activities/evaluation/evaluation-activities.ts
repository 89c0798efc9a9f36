/** Questions for a score, and the score: held-out problems of the campaign’s own, or a benchmark. */
import { z } from 'zod';
import {
  HeldoutDocument,
  heldoutCount,
  heldoutOrder,
  heldoutQuestion,
  heldoutTests,
} from '../../core/evaluation/heldout.ts';
import { humanEvalQuestion, humanEvalReference, humanEvalTests } from '../../core/evaluation/humaneval.ts';
import { Answer, AnswerVerdict, Question } from '../../core/evaluation/question.ts';
import { type Score, ScoredAnswer } from '../../core/evaluation/score.ts';
import { scoreLines, scoreOf } from '../../core/evaluation/score-answers.ts';
import { Matrix } from '../../core/execution/batch.ts';
import { HELDOUT_SET, layout } from '../../core/layout.ts';
import { Problem } from '../../core/problems/problem.ts';
import { heartbeat } from '../context.ts';
import { type StepContext, stopwatch } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { readBenchmark } from './benchmark-file.ts';
import { referencesKey } from './benchmark-references.ts';
import { readUsableTests } from './problem-objects.ts';

export type { Score } from '../../core/evaluation/score.ts';

export type EvaluationDependencies = {
  store: ObjectStore;
  /** Path of each installed benchmark’s file. */
  benchmarks: Readonly<Record<string, string>>;
};

export type ScoreAnswersInput = StepContext & {
  /** heldout, or the benchmark’s name. */
  set: string;
  /** The iteration under which the questions lie. */
  questionsIteration: number;
  chunks: number;
  as: 'validation' | 'evaluation';
};

const SelectionLine = z.object({ problemId: z.string(), selected: z.string().nullable() });

type ConsensusLine = { problemId: string; selected: string };

const keysOf = (i: StepContext) => ({
  questions: (set: string) => layout.work(i, i.iteration, 'questions', `${set}.jsonl`),
  questionTests: (set: string) => layout.work(i, i.iteration, 'question-tests', `${set}.jsonl`),
  answers: (set: string, chunk: number) => layout.work(i, i.iteration, 'answers', `${set}-${chunk}.jsonl`),
  verdicts: (set: string) => layout.work(i, i.iteration, 'verdicts', `${set}.jsonl`),
  heldout: layout.work(i, i.iteration, 'heldout.json'),
});

export const createEvaluationActivities = ({ store, benchmarks }: EvaluationDependencies) => {
  /** A problem with a consensus, as a question; undefined where its answers cannot be written as tests. */
  const readAsQuestion = async (i: StepContext, problemId: string, selected: string) => {
    const problemKey = layout.work(i, i.iteration, 'problems', `${problemId}.json`);
    const problem = await store.readJson(problemKey, Problem);
    const matrix = await store.readJson(layout.matrix(i, i.iteration, problemId), Matrix);
    const tests = heldoutTests(problemId, await readUsableTests(store, i, problemId), matrix, selected);
    heartbeat();
    return tests ? { problem, question: heldoutQuestion(problem), tests } : undefined;
  };

  const readConsensus = async (i: StepContext): Promise<ConsensusLine[]> => {
    const lines = await store.readJsonLines(layout.selections(i, i.iteration), SelectionLine);
    return lines.flatMap(({ problemId, selected }) => (selected === null ? [] : [{ problemId, selected }]));
  };

  /** Draws until the count is reached; a problem whose answers make no test is passed over. */
  const drawQuestions = async (i: StepContext & { share: number }, consensus: readonly ConsensusLine[]) => {
    const wanted = heldoutCount(consensus.length, i.share);
    const selectedOf = new Map(consensus.map(({ problemId, selected }) => [problemId, selected]));
    const drawn = [];
    for (const problemId of heldoutOrder([...selectedOf.keys()], i.seed)) {
      if (drawn.length === wanted) break;
      const question = await readAsQuestion(i, problemId, selectedOf.get(problemId) ?? '');
      if (question) drawn.push(question);
    }
    return drawn.sort((a, b) => (a.problem.id < b.problem.id ? -1 : 1));
  };

  return {
    /**
     * Splits the iteration’s problems with a consensus: a share of them is held out for validation. Safe to
     * repeat: the draw depends on the seed and the stored selections only, and heldout.json is written last.
     */
    async prepareHeldout(
      i: StepContext & { share: number },
    ): Promise<{ heldout: number; training: number; seconds: number }> {
      const seconds = stopwatch();
      const keys = keysOf(i);
      const consensus = await readConsensus(i);
      const stored = await store.once(keys.heldout, HeldoutDocument, async () => {
        const questions = await drawQuestions(i, consensus);
        await store.putJsonLines(
          keys.questions(HELDOUT_SET),
          questions.map(({ question }) => question),
        );
        await store.putJsonLines(
          keys.questionTests(HELDOUT_SET),
          questions.map(({ tests }) => tests),
        );
        return { problems: questions.map(({ problem }) => problem) };
      });
      const heldout = stored.problems.length;
      return { heldout, training: consensus.length - heldout, seconds: seconds() };
    },

    /** Lays out a benchmark’s first `limit` questions. Safe to repeat: what is stored stays. */
    async prepareBenchmark(
      i: StepContext & { benchmark: string; limit?: number },
    ): Promise<{ questions: number; seconds: number }> {
      const seconds = stopwatch();
      const keys = keysOf(i);
      const stored = await store.find(keys.questions(i.benchmark));
      if (!stored) {
        const all = await readBenchmark(i.benchmark, benchmarks);
        // All of them: what is not asked must not be trained on either.
        await store.putJsonLines(referencesKey(i.campaignId, i.benchmark), all.map(humanEvalReference));
        const tasks = all.slice(0, i.limit);
        await store.putJsonLines(keys.questionTests(i.benchmark), tasks.map(humanEvalTests));
        await store.putJsonLines(keys.questions(i.benchmark), tasks.map(humanEvalQuestion));
      }
      const questions = (await store.readJsonLines(keys.questions(i.benchmark), Question)).length;
      return { questions, seconds: seconds() };
    },

    /**
     * Turns verdicts into a score and, after iteration 0, compares it with the base question by question. Safe
     * to repeat: the lines are a function of stored answers and verdicts.
     */
    async scoreAnswers(i: ScoreAnswersInput): Promise<Score & { seconds: number }> {
      const seconds = stopwatch();
      const scoresKey = (iteration: number) =>
        i.as === 'validation' ? layout.validation(i, iteration) : layout.evaluation(i, iteration, i.set);
      const lines = await store.onceLines(scoresKey(i.iteration), ScoredAnswer, async () => {
        const keys = keysOf(i);
        const asked = keysOf({ ...i, iteration: i.questionsIteration });
        const questions = await store.readJsonLines(asked.questions(i.set), Question);
        const answers: Answer[] = [];
        for (let chunk = 0; chunk < i.chunks; chunk += 1) {
          answers.push(...(await store.readJsonLines(keys.answers(i.set, chunk), Answer)));
        }
        const verdicts = await store.readJsonLines(keys.verdicts(i.set), AnswerVerdict);
        return scoreLines(
          questions.map(({ id }) => id),
          answers,
          verdicts,
        );
      });
      const baseKey = i.iteration === 0 ? undefined : scoresKey(0);
      const base =
        baseKey && (await store.find(baseKey)) ? await store.readJsonLines(baseKey, ScoredAnswer) : undefined;
      return { ...scoreOf(lines, base), seconds: seconds() };
    },
  };
};
export type EvaluationActivities = ReturnType<typeof createEvaluationActivities>;
