import { z } from 'zod';
import { areaUnderCurve } from '../../core/judging/area-under-curve.ts';
import { PLANTED_PROBLEMS } from '../../core/judging/planted-problems.ts';
import { layout } from '../../core/layout.ts';
import { deriveSeed } from '../../core/sampling/derive-seed.ts';
import { whileHeartbeating } from '../context.ts';
import { type ModelStepContext, type StepMeasures, stopwatch } from '../step.ts';
import { inParallel } from './in-parallel.ts';
import { campaignPrompts, DEFAULT_WIDTH, type ModelDependencies } from './model-step.ts';
import { rateProblem } from './rate-problem.ts';

/** 95 % interval of Hanley and McNeil. */
export type CalibrationResult = StepMeasures & {
  auc: number;
  low: number;
  high: number;
  good: number;
  spoilt: number;
};

const Calibration = z.strictObject({
  auc: z.number(),
  low: z.number(),
  high: z.number(),
  scores: z.array(
    z.strictObject({ functionName: z.string(), fault: z.string().nullable(), score: z.number() }),
  ),
  tokens: z.int(),
});

/** Rates the planted problems and tells how well the scores part good from spoilt. Safe to repeat: stored once. */
export const calibrateJudge =
  ({ store, model, width = DEFAULT_WIDTH }: ModelDependencies) =>
  async (i: ModelStepContext): Promise<CalibrationResult> => {
    const elapsed = stopwatch();
    const key = layout.work(i, i.iteration, 'judge-calibration.json');
    const stored = await store.once(key, Calibration, async () => {
      const set = await campaignPrompts(store, i);
      const rated = await whileHeartbeating(
        inParallel([...PLANTED_PROBLEMS.entries()], width, async ([index, problem], signal) => {
          const seed = deriveSeed({ seed: i.seed, iteration: i.iteration, stage: 'calibrate', index });
          const { rating, tokens } = await rateProblem(
            { model, servedModel: i.servedModel, set, seed },
            problem,
            signal,
          );
          // A problem that the judge cannot score counts as scored lowest, as judging treats it.
          const score = rating.ok ? rating.value.score : 0;
          return { functionName: problem.functionName, fault: problem.fault ?? null, score, tokens };
        }),
      );
      const scoresOf = (spoilt: boolean) =>
        rated.filter(({ fault }) => (fault !== null) === spoilt).map(({ score }) => score);
      return {
        ...areaUnderCurve(scoresOf(false), scoresOf(true)),
        scores: rated.map(({ functionName, fault, score }) => ({ functionName, fault, score })),
        tokens: rated.reduce((sum, { tokens }) => sum + tokens, 0),
      };
    });
    const spoilt = stored.scores.filter(({ fault }) => fault !== null).length;
    return {
      auc: stored.auc,
      low: stored.low,
      high: stored.high,
      good: stored.scores.length - spoilt,
      spoilt,
      tokens: stored.tokens,
      seconds: elapsed(),
    };
  };
