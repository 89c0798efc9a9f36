/** The sandbox as activities: tests are checked, candidates and answers are run, results lie in the bucket. */
import pLimit from 'p-limit';
import { z } from 'zod';
import type { LimitsConfig } from '../../core/config/campaign-config.ts';
import { Answer, AnswerVerdict, QuestionTests } from '../../core/evaluation/question.ts';
import { type Batch, FinishedCandidate, Matrix } from '../../core/execution/batch.ts';
import { checkedTests, echoBatch } from '../../core/execution/check-tests.ts';
import { type EarlierCandidate, wholeRows } from '../../core/execution/earlier-rows.ts';
import { countHackingSigns } from '../../core/execution/hacking-signs.ts';
import { programText } from '../../core/execution/program-text.ts';
import { layout } from '../../core/layout.ts';
import { Problem } from '../../core/problems/problem.ts';
import { TestCase } from '../../core/problems/test-case.ts';
import { PYTHON } from '../../core/python/language.ts';
import { Candidate } from '../../core/sampling/candidate.ts';
import { cancellationSignal, heartbeat, lastHeartbeat, whileHeartbeating } from '../context.ts';
import { readCandidates } from '../evaluation/problem-objects.ts';
import { countReasons, type ReasonCounts, type StepContext, stopwatch } from '../step.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { ExecuteOptions, Executor } from './executor.ts';
import { heartbeatingResults } from './heartbeating-results.ts';
import { type RecheckWinnerInput, recheckWinner } from './recheck-winner.ts';

export type SandboxDependencies = { readonly store: ObjectStore; readonly executor: Executor };

const WrittenTests = z.looseObject({ tests: z.array(TestCase) });
const UsableTests = z.strictObject({
  tests: z.array(TestCase),
  dropped: z.array(z.strictObject({ id: z.string(), reason: z.string() })),
});

/** Answers of different questions at once: each is a batch of its own. */
const ANSWERS_AT_ONCE = 8;

export const createSandboxActivities = ({ store, executor }: SandboxDependencies) => ({
  /** Runs each test's arguments twice. Safe to repeat: the usable tests are stored once. */
  async checkTests(
    i: StepContext & { problemId: string; minimum: number; limits: LimitsConfig },
  ): Promise<{ usable: number; dropped: ReasonCounts; seconds: number }> {
    const seconds = stopwatch();
    const work = (folder: string) => layout.work(i, i.iteration, folder, `${i.problemId}.json`);
    const stored = await store.once(work('tests'), UsableTests, async () => {
      const problem = await store.readJson(work('problems'), Problem);
      const { tests } = await store.readJson(work('written-tests'), WrittenTests);
      const batch = echoBatch(i.problemId, problem.functionName, tests, i.limits);
      const run = executor.execute(batch, { signal: cancellationSignal() });
      return checkedTests(tests, await whileHeartbeating(run));
    });
    const dropped = countReasons(stored.dropped.map(({ reason }) => reason));
    return { usable: stored.tests.length, dropped, seconds: seconds() };
  },

  /**
   * Runs a problem's candidates on its tests; a program that equals one of an earlier round takes that one's stored
   * row. Safe to repeat: the matrix is stored once, and a retry goes on from the results that were heartbeated.
   */
  async executeCandidates(
    i: StepContext & {
      problemId: string;
      chunks: number;
      limits: LimitsConfig;
      minReliability?: number;
      /** A round of adaptive sampling: the candidates from this chunk on, apart from those before. */
      round?: { index: number; firstChunk: number };
    },
  ): Promise<{
    verdicts: ReasonCounts;
    hacking: ReasonCounts;
    candidates: number;
    tests: number;
    /** Programs that were run, and candidates that took an earlier round’s row. */
    executed: number;
    shared: number;
    seconds: number;
  }> {
    const seconds = stopwatch();
    const firstChunk = i.round?.firstChunk ?? 0;
    const candidates: Candidate[] = [];
    for (let chunk = firstChunk; chunk < i.chunks; chunk += 1) {
      const key = layout.candidates(i, i.iteration, i.problemId, chunk);
      candidates.push(...(await store.readJsonLines(key, Candidate)));
    }
    const programs = candidates.filter(isProgram);
    const earlier = await earlierRounds(store, i, { rounds: i.round?.index ?? 0, chunks: firstChunk });
    // Where the matrix is there already, only the texts can be told apart.
    let counts = countTexts(programs, earlier);
    const matrix = await store.once(
      i.round
        ? layout.roundMatrix(i, i.iteration, i.problemId, i.round.index)
        : layout.matrix(i, i.iteration, i.problemId),
      Matrix,
      async () => {
        const key = layout.work(i, i.iteration, 'tests', `${i.problemId}.json`);
        const { tests } = await store.readJson(key, UsableTests);
        const batch: Batch = {
          id: i.problemId,
          language: PYTHON,
          tests: tests.map(({ id, call, expected }) => ({ id, call, expected })),
          candidates: programs.map(({ id, code }) => ({ id, code })),
          limits: i.limits,
        };
        const settings = {
          earlier,
          onPrograms: (executed: number, shared: number) => {
            counts = { executed, shared };
          },
          ...(i.minReliability === undefined ? {} : { minReliability: i.minReliability }),
        };
        return withDiscarded(await executeHeartbeating(executor, batch, settings), candidates);
      },
    );
    return {
      verdicts: countReasons(matrix.candidates.flatMap(({ outcomes }) => outcomes)),
      hacking: countHackingSigns(programs.map(({ code }) => code)),
      candidates: matrix.candidates.length,
      tests: matrix.tests.length,
      ...counts,
      seconds: seconds(),
    };
  },

  /** Runs the chosen candidate once more, its tests in shuffled order. Safe to repeat: its findings are stored once. */
  async recheckWinner(i: RecheckWinnerInput): Promise<{ differing: number; seconds: number }> {
    return recheckWinner(store, i, (batch) =>
      whileHeartbeating(executor.execute(batch, { signal: cancellationSignal() })),
    );
  },

  /** Runs answers on their questions' tests. Safe to repeat: the verdicts are stored once. */
  async executeAnswers(
    i: StepContext & { set: string; questionsIteration: number; chunks: number; limits: LimitsConfig },
  ): Promise<{ passed: number; total: number; verdicts: ReasonCounts; seconds: number }> {
    const seconds = stopwatch();
    const key = layout.work(i, i.iteration, 'verdicts', `${i.set}.jsonl`);
    const lines = await store.onceLines(key, AnswerVerdict, async () => {
      const file = layout.work(i, i.questionsIteration, 'question-tests', `${i.set}.jsonl`);
      const questions = new Map(
        (await store.readJsonLines(file, QuestionTests)).map(({ id, tests }) => [id, tests]),
      );
      const answers: Answer[] = [];
      for (let chunk = 0; chunk < i.chunks; chunk += 1) {
        const part = layout.work(i, i.iteration, 'answers', `${i.set}-${chunk}.jsonl`);
        answers.push(...(await store.readJsonLines(part, Answer)));
      }
      const limit = pLimit(ANSWERS_AT_ONCE);
      const signal = cancellationSignal();
      const judge = async ({ id, code, discarded }: Answer): Promise<AnswerVerdict> => {
        const batch: Batch = {
          id,
          language: PYTHON,
          tests: questions.get(id) ?? [],
          candidates: [{ id: 'answer', code: discarded === undefined ? code : '' }],
          limits: i.limits,
        };
        const [result] = (await executor.execute(batch, { signal })).candidates;
        heartbeat();
        return { id, outcomes: result?.outcomes ?? [], outputs: result?.outputs ?? [] };
      };
      return whileHeartbeating(Promise.all(answers.map((answer) => limit(judge, answer))));
    });
    return {
      passed: lines.filter(hasPassed).length,
      total: lines.length,
      verdicts: countReasons(lines.flatMap(({ outcomes }) => outcomes)),
      seconds: seconds(),
    };
  },
});
export type SandboxActivities = ReturnType<typeof createSandboxActivities>;

/** A question is answered where it has tests and all of them pass. */
const hasPassed = ({ outcomes }: AnswerVerdict): boolean =>
  outcomes.length > 0 && outcomes.every((outcome) => outcome === 'pass');

/** What ran in the rounds before this one: on the same tests and, since a problem keeps its policy, under the same limits. */
const earlierRounds = async (
  store: ObjectStore,
  i: StepContext & { problemId: string },
  { rounds, chunks }: { rounds: number; chunks: number },
): Promise<EarlierCandidate[]> => {
  if (rounds === 0) return [];
  const programs = (await readCandidates(store, i, i.problemId, chunks)).filter(isProgram);
  const codes = new Map(programs.map(({ id, code }) => [id, code]));
  const keys = Array.from({ length: rounds }, (_, round) =>
    layout.roundMatrix(i, i.iteration, i.problemId, round),
  );
  const matrices = await Promise.all(keys.map((key) => store.readJson(key, Matrix)));
  return matrices.flatMap(({ candidates }) =>
    candidates.map((result) => ({ code: codes.get(result.id), result })),
  );
};

const countTexts = (programs: readonly Candidate[], earlier: readonly EarlierCandidate[]) => {
  const rows = wholeRows(earlier);
  const texts = programs.map(({ code }) => programText(code));
  const unshared = texts.filter((text) => !rows.has(text));
  return { executed: new Set(unshared).size, shared: texts.length - unshared.length };
};

const isProgram = ({ code, discarded }: Candidate): boolean => discarded === undefined && code.trim() !== '';

const executeHeartbeating = async (
  executor: Executor,
  batch: Batch,
  settings: ExecuteOptions,
): Promise<Matrix> => {
  const earlier = z.array(FinishedCandidate).safeParse(lastHeartbeat());
  const results = heartbeatingResults(heartbeat, earlier.success ? earlier.data : []);
  try {
    return await executor.execute(batch, {
      ...settings,
      signal: cancellationSignal(),
      resume: results.earlier,
      onResult: results.add,
    });
  } finally {
    results.stop();
  }
};

/** An answer without a program is an error in every test. Times are left out: a result is the same in every run. */
const withDiscarded = (matrix: Matrix, candidates: readonly Candidate[]): Matrix => {
  const results = new Map(matrix.candidates.map((result) => [result.id, { ...result, durationMs: 0 }]));
  return {
    ...matrix,
    candidates: candidates.map(
      ({ id }) =>
        results.get(id) ?? {
          id,
          outcomes: matrix.tests.map(() => 'error'),
          outputs: matrix.tests.map(() => null),
          durationMs: 0,
        },
    ),
  };
};
