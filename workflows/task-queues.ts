/** One task queue per resource, so that each worker process holds the credentials and the capacity of one. */
export const TASK_QUEUES = {
  /** Workflows, and activities that only touch the bucket. */
  control: 'ucoder-control',
  model: 'ucoder-model',
  sandbox: 'ucoder-sandbox',
  training: 'ucoder-training',
} as const;

export type QueueName = keyof typeof TASK_QUEUES;
