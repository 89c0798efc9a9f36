/** The model room: every step of a campaign that asks the model. */
import { answerQuestions } from './answer-questions.ts';
import { calibrateJudge } from './calibrate-judge.ts';
import { judgeProblems } from './judge-problems.ts';
import type { ModelDependencies } from './model-step.ts';
import { proposeProblems } from './propose-problems.ts';
import { sampleCandidates } from './sample-candidates.ts';
import { sketchInterface } from './sketch-interface.ts';
import { writeTests } from './write-tests.ts';

export const createModelActivities = (dependencies: ModelDependencies) => ({
  proposeProblems: proposeProblems(dependencies),
  judgeProblems: judgeProblems(dependencies),
  calibrateJudge: calibrateJudge(dependencies),
  sketchInterface: sketchInterface(dependencies),
  writeTests: writeTests(dependencies),
  sampleCandidates: sampleCandidates(dependencies),
  answerQuestions: answerQuestions(dependencies),
});
export type ModelActivities = ReturnType<typeof createModelActivities>;
