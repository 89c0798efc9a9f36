import { describe, expect, it } from 'vitest';
import { ServingConfig, TrainingConfig } from '../../../core/config/campaign-config.ts';
import { servingProblems } from '../../../core/config/serving-rules.ts';

const problems = (serving: object, training: object, externalModel: boolean) =>
  servingProblems(
    { serving: ServingConfig.parse(serving), training: TrainingConfig.parse(training) },
    { externalModel },
  );

const lora = { method: 'lora', restart: 'base' };

describe('servingProblems', () => {
  it('accepts what can work', () => {
    expect(problems({ mode: 'managed' }, {}, false)).toEqual([]);
    expect(problems({ mode: 'adapter' }, lora, true)).toEqual([]);
    expect(problems({ mode: 'command', command: './serve' }, {}, true)).toEqual([]);
    expect(problems({ mode: 'command', command: './serve' }, lora, false)).toEqual([]);
  });

  it.each([
    ['managed with a server that is not ours', { mode: 'managed' }, {}, true, 'UCODER_MODEL_URL'],
    ['adapter on our own server', { mode: 'adapter' }, lora, false, 'LoRA enabled'],
    ['adapter of a full fine-tune', { mode: 'adapter' }, { restart: 'base' }, true, 'training.method lora'],
    [
      'adapter on top of an earlier checkpoint',
      { mode: 'adapter' },
      { method: 'lora' },
      true,
      'training.restart base',
    ],
    ['command without a command', { mode: 'command' }, {}, true, 'needs serving.command'],
    [
      'a command in another mode',
      { mode: 'managed', command: './serve' },
      {},
      false,
      'goes with serving.mode command',
    ],
  ])('refuses %s', (_, serving, training, externalModel, words) => {
    expect(problems(serving, training, externalModel)).toEqual([expect.stringContaining(words)]);
  });
});
