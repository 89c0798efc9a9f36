/** How far a training job is, as its activity tells the workflow that waits for it. */
export type TrainingProgress = {
  step: number;
  total: number;
  /** Of the last step. */
  loss: number;
  epoch: number;
};

/** The signal’s name: activities may not import the workflows’ own messages. */
export const TRAINING_PROGRESS = 'trainingProgress';

/** `loss 0.512` */
export const lossText = ({ loss }: Pick<TrainingProgress, 'loss'>): string =>
  `loss ${loss
    .toPrecision(3)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')}`;
