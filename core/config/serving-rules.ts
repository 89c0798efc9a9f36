/** Combinations of serving, training and model server that cannot work. */
import type { CampaignConfig } from './campaign-config.ts';

export type ModelServerFacts = {
  /** The model server is the user's own (UCODER_MODEL_URL), which we cannot restart. */
  externalModel: boolean;
};

/** One sentence a problem; empty where the campaign can be served. */
export const servingProblems = (
  { serving, training }: Pick<CampaignConfig, 'serving' | 'training'>,
  { externalModel }: ModelServerFacts,
): string[] => {
  const problems: string[] = [];
  if (serving.mode === 'managed' && externalModel) {
    problems.push(
      'serving.mode managed restarts our own model server, but UCODER_MODEL_URL names one of yours: choose adapter or command, or unset the variable.',
    );
  }
  if (serving.mode === 'adapter') {
    if (!externalModel) {
      problems.push(
        'serving.mode adapter loads into a running server that was started with LoRA enabled; ours is not: set UCODER_MODEL_URL, or choose managed.',
      );
    }
    if (training.method === 'full') {
      problems.push('serving.mode adapter needs training.method lora: a full fine-tune has no adapter.');
    }
    if (training.restart !== 'base') {
      problems.push(
        'serving.mode adapter needs training.restart base: an adapter that was trained on an earlier checkpoint does not fit the base model on the server.',
      );
    }
  }
  if (serving.mode === 'command' && serving.command === undefined) {
    problems.push('serving.mode command needs serving.command: the program that serves a checkpoint.');
  }
  if (serving.mode !== 'command' && serving.command !== undefined) {
    problems.push(`serving.command goes with serving.mode command, not with ${serving.mode}.`);
  }
  return problems;
};
