/**
 * Leaves a record in the bucket of every attempt that came to nothing, for the operations document. An attempt
 * whose worker died cannot tell: the next one tells of it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Info } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { toJson } from '../activities/store/json-documents.ts';
import type { ObjectStore } from '../activities/store/object-store.ts';
import { messageOf } from '../core/errors.ts';
import { layout } from '../core/layout.ts';
import type { FaultRecord } from '../core/report/faults.ts';

/** A record must not hold up the work, least of all where the bucket is what is broken. */
const TIMEOUT_MS = 3_000;
const MAX_CHARACTERS = 1_000;

export class FaultRecorder implements ActivityInboundCallsInterceptor {
  readonly #store: Pick<ObjectStore, 'put'>;
  readonly #info: Info;

  constructor(store: Pick<ObjectStore, 'put'>, info: Info) {
    this.#store = store;
    this.#info = info;
  }

  async execute(
    input: ActivityExecuteInput,
    next: Next<ActivityInboundCallsInterceptor, 'execute'>,
  ): Promise<unknown> {
    const { attempt } = this.#info;
    if (attempt > 1) {
      // Adopts the earlier attempt's own record where it left one.
      await this.#record(attempt - 1, {
        code: 'lost',
        message: 'The attempt ended without a word: its worker or its heartbeat was gone.',
      });
    }
    try {
      return await next(input);
    } catch (thrown) {
      await this.#record(attempt, describe(thrown));
      throw thrown;
    }
  }

  async #record(attempt: number, { code, message }: Pick<FaultRecord, 'code' | 'message'>): Promise<void> {
    const { activityType, activityId, workflowExecution } = this.#info;
    const [kind, campaignId, ...rest] = (workflowExecution?.workflowId ?? '').split('/');
    if (kind !== 'campaign' || !campaignId) return;
    const record: FaultRecord = {
      at: new Date().toISOString(),
      workflow: [kind, campaignId, ...rest].join('/'),
      activity: activityType,
      attempt,
      code,
      message: message.slice(0, MAX_CHARACTERS),
    };
    process.stderr.write(
      `${record.at} ${record.workflow} ${activityType}, attempt ${attempt}: ${code}: ${record.message}\n`,
    );
    const run = (workflowExecution?.runId ?? '').slice(0, 8);
    const name = `${run}-${activityType}-${activityId}-${attempt}.json`;
    const key = layout.fault(campaignId, [...rest, name].join('/'));
    const stored = this.#store.put(key, toJson(record), 'application/json').catch(() => undefined);
    await Promise.race([stored, delay(TIMEOUT_MS, undefined, { ref: false })]);
  }
}

const describe = (thrown: unknown): Pick<FaultRecord, 'code' | 'message'> => {
  if (thrown instanceof CancelledFailure || (thrown instanceof Error && thrown.name === 'AbortError'))
    return { code: 'cancelled', message: 'Stopped, or handed over by a worker that shuts down.' };
  const code = thrown instanceof ApplicationFailure ? (thrown.type ?? 'internal') : 'internal';
  return { code, message: messageOf(thrown) };
};
