/** A campaign under way takes requests of people: checks them, changes its state and tells the child at work. */
import type { UpdateDefinition } from '@temporalio/common';
import { CancellationScope, getExternalWorkflowHandle, isCancellation, patched } from '@temporalio/workflow';
import type { z } from 'zod';
import type { Rollback } from '../core/campaign/rollback.ts';
import { UcoderError } from '../core/errors.ts';
import { changedConfig, describeChanges } from '../core/steering/campaign-changes.ts';
import {
  PauseRequest,
  ResumeRequest,
  RetryRequest,
  RetuneRequest,
  ReviewRequest,
  RollbackRequest,
  StopRequest,
} from '../core/steering/requests.ts';
import { checkRetry, type Retried } from '../core/steering/retry.ts';
import { readReview } from '../core/steering/review.ts';
import { acceptRequest } from './accept-request.ts';
import { noteAudit } from './audit-trail.ts';
import { spentBudget } from './budget.ts';
import {
  type CampaignInput,
  type CampaignState,
  childSteering,
  iterationsOf,
  madeIterations,
} from './campaign-state.ts';
import {
  pauseUpdate,
  resumeUpdate,
  retryUpdate,
  retuneUpdate,
  reviewUpdate,
  rollbackUpdate,
  steerSignal,
  stopUpdate,
} from './messages.ts';
import { currentIteration } from './retry-iteration.ts';
import { endStandstill, review, reviewsOf } from './review-queue.ts';
import type { SteeringAnswer } from './steering.ts';
import { mustTakeRequest } from './takes-requests.ts';

/** Stages that are cut short where a campaign must not go on; the others are brief, or end by themselves. */
const CUT_SHORT = /^(start|serve|judge|train|validate|evaluate )/;

export class SteeredCampaign {
  readonly #input: CampaignInput;
  readonly #state: CampaignState;
  #work: CancellationScope | undefined;
  #isEnding = false;

  /** `input.config` is replaced where a person changes settings. */
  constructor(input: CampaignInput, state: CampaignState) {
    this.#input = input;
    this.#state = state;
    this.#accept(pauseUpdate, PauseRequest, (request) => this.pause(request));
    this.#accept(
      resumeUpdate,
      ResumeRequest,
      (request) => this.#resume(request),
      () => this.#mayResume(),
    );
    this.#accept(stopUpdate, StopRequest, (request) => this.#stop(request));
    this.#accept(
      retuneUpdate,
      RetuneRequest,
      (request) => this.#retune(request),
      ({ settings }) => {
        changedConfig(this.#input.config, settings);
      },
    );
    this.#accept(
      rollbackUpdate,
      RollbackRequest,
      (request) => this.#rollback(request),
      ({ to }) => this.#mayRollBack(to),
    );
    this.#accept(
      retryUpdate,
      RetryRequest,
      (request) => this.#retry(request),
      (request) => this.#mayRetry(request),
    );
    this.#accept(
      reviewUpdate,
      ReviewRequest,
      (request) => this.#review(request),
      (request) => void readReview(request, reviewsOf(state)),
    );
  }

  /** It fails, or was cancelled: what is asked now would be lost with it. */
  close(): void {
    this.#isEnding = true;
  }

  /** Runs a step that a stop or a rollback may cut short. False where it was. */
  async run(work: () => Promise<void>): Promise<boolean> {
    const scope = new CancellationScope();
    this.#work = scope;
    const before = this.#state.rollback;
    try {
      await scope.run(work);
      return true;
    } catch (thrown) {
      if (!isCancellation(thrown) || !this.#isCutShort(before)) throw thrown;
      return false;
    } finally {
      this.#work = undefined;
    }
  }

  #isCutShort(rollbackBefore: CampaignState['rollback']): boolean {
    const { stop, rollback, retry } = this.#state;
    return stop !== null || rollback !== rollbackBefore || retry?.pending === true;
  }

  /** Idempotent: a pause on top of a pause changes nothing. */
  async pause({ by, reason }: PauseRequest): Promise<string> {
    const state = this.#state;
    if (state.paused)
      return `Paused already, by ${state.paused.by}: ${state.paused.reason || 'no reason given'}.`;
    const now = Date.now();
    state.paused = { by, reason, at: new Date(now).toISOString() };
    state.worked = { ms: state.worked.ms + (now - (state.worked.since ?? now)), since: null };
    await this.#changed('pause', { by, reason });
    return 'Paused. What is in flight ends; nothing new starts.';
  }

  #mayResume(): void {
    const over = this.#state.paused ? spentBudget(this.#input.config, this.#state) : null;
    if (over) throw new UcoderError('steering-refused', `${over} Raise it first, with retune.`);
  }

  async #resume({ by, reason }: ResumeRequest): Promise<string> {
    if (!this.#state.paused) return 'Nothing was paused.';
    this.#unpause();
    await this.#changed('resume', { by, reason });
    return 'Goes on.';
  }

  #unpause(): void {
    if (!this.#state.paused) return;
    endStandstill(this.#state);
    this.#state.paused = null;
    this.#state.worked.since = Date.now();
  }

  async #stop({ after, by, reason }: StopRequest): Promise<string> {
    const { stop } = this.#state;
    const rank = { iteration: 0, problem: 1, now: 2 };
    if (stop && rank[after] <= rank[stop.after]) return `Stops already, after: ${stop.after}.`;
    this.#state.stop = { after, by, reason };
    this.#unpause();
    if (after !== 'iteration') this.#cutShort();
    await this.#changed('stop', { by, reason, detail: `after: ${after}` });
    return 'Stops; the dataset and the report of what is there are written first.';
  }

  async #retune({ settings, by, reason }: RetuneRequest): Promise<string> {
    const changed = changedConfig(this.#input.config, settings);
    const changes = describeChanges(this.#input.config, changed);
    if (changes.length === 0) return 'These settings are in force already.';
    this.#input.config = changed;
    this.#state.maxIterations = changed.iterations.max;
    await this.#changed('retune', { by, reason, detail: changes.join(', ') });
    return `${changes.join(', ')}. Holds for problems that have not started.`;
  }

  async #review(request: ReviewRequest): Promise<string> {
    const { problem, decision, candidate, by, reason } = request;
    const what = `${problem}: ${decision}${candidate === undefined ? '' : ` by ${candidate}`}`;
    if (!(await review(this.#input, this.#state, request))) return `Decided already. ${what}.`;
    noteAudit(this.#state, { what: 'review', by, reason, detail: what });
    return `${what}. ${reviewsOf(this.#state).waiting.length} wait.`;
  }

  #mayRollBack(to: number): void {
    if (this.#state.stop) throw new UcoderError('steering-refused', 'The campaign is being stopped.');
    this.#mustNotBeAboutToRetry();
    const trained = iterationsOf(this.#state).flatMap(({ n, training }) => (training ? [n] : []));
    if (to === 0 || trained.includes(to)) return;
    throw new UcoderError(
      'steering-refused',
      `Iteration ${to} has no checkpoint. There are: ${[0, ...trained].join(', ')} (0 is the base model).`,
    );
  }

  async #rollback({ to, by, reason }: RollbackRequest): Promise<string> {
    const { rollback, progress } = this.#state;
    const since = Math.max(progress.iteration, madeIterations(this.#state) - 1);
    const isSame = rollback?.to === to && (rollback.since === since || this.#goesOnFrom(rollback));
    if (isSame) return `Went back to iteration ${to} already.`;
    this.#state.rollback = { to, since };
    this.#cutShort();
    await this.#changed('rollback', { by, reason, detail: `to iteration ${to}` });
    return `The next iteration starts from ${to === 0 ? 'the base model' : `iteration ${to}`}.`;
  }

  /** What came after a rollback has no checkpoint yet: it starts from the one that was gone back to. */
  #goesOnFrom({ since }: Rollback): boolean {
    const isAhead = iterationsOf(this.#state).some(({ n, training }) => n > since && training);
    return !isAhead && patched('rollback-once');
  }

  #mustNotBeAboutToRetry(): void {
    const { retry } = this.#state;
    if (!retry?.pending) return;
    const message = `Iteration ${retry.iteration} is about to be done again, from: ${retry.from}. Ask again when it has begun.`;
    throw new UcoderError('steering-refused', message);
  }

  #retried({ iteration, from }: RetryRequest): Retried {
    return { iteration: iteration ?? currentIteration(this.#state), from };
  }

  /** Whether this is what a person asked for already. What failed since may be asked for again. */
  #isRetrying({ iteration, from }: Retried): boolean {
    const { retry, openFailed } = this.#state;
    if (retry?.iteration !== iteration || retry.from !== from) return false;
    return retry.pending || from !== 'failed' || !openFailed?.failed;
  }

  #mayRetry(request: RetryRequest): void {
    const { stop, openFailed = { iteration: 0, failed: 0 } } = this.#state;
    if (stop) throw new UcoderError('steering-refused', 'The campaign is being stopped.');
    const wanted = this.#retried(request);
    if (this.#isRetrying(wanted)) return;
    this.#mustNotBeAboutToRetry();
    checkRetry(wanted, { ...this.#state, current: currentIteration(this.#state), openFailed });
  }

  async #retry(request: RetryRequest): Promise<string> {
    const wanted = this.#retried(request);
    const { iteration, from } = wanted;
    if (this.#isRetrying(wanted)) return `Iteration ${iteration} is done again already, from: ${from}.`;
    const source = iterationsOf(this.#state).find(({ n }) => n === iteration)?.work?.from;
    const last = currentIteration(this.#state);
    this.#state.retry = { ...wanted, ...(source ? { source } : {}), pending: true };
    this.#cutShort();
    const { by, reason } = request;
    await this.#changed('retry', { by, reason, detail: `iteration ${iteration} from ${from}` });
    const later = last > iteration ? ` Iterations after it are dropped, and made again.` : '';
    return from === 'failed'
      ? `The failed problems of iteration ${iteration} are tried again once the open ones have ended, with the settings with which they started.${later}`
      : `Iteration ${iteration} is done again, from: ${from}.${later}`;
  }

  #cutShort(): void {
    if (CUT_SHORT.test(this.#state.progress.stage)) this.#work?.cancel();
  }

  async #changed(what: string, line: { by: string; reason: string; detail?: string }): Promise<void> {
    noteAudit(this.#state, { what, ...line });
    await this.tell();
  }

  /** Tells the child at work what holds now. */
  async tell(): Promise<void> {
    const state = this.#state;
    state.sequence += 1;
    const { child } = state.progress;
    if (child === undefined) return;
    await getExternalWorkflowHandle(child)
      .signal(steerSignal, childSteering(this.#input, state))
      .catch(() => undefined); // It ended in the meantime.
  }

  #accept<S extends z.ZodType>(
    definition: UpdateDefinition<SteeringAnswer, [Partial<z.output<S>>]>,
    schema: S,
    act: (request: z.output<S>) => Promise<string>,
    check: (request: z.output<S>) => void = () => undefined,
  ): void {
    acceptRequest(definition, schema, {
      check: (request) => {
        mustTakeRequest(definition.name, this.#state, this.#isEnding);
        check(request);
      },
      act: async (request) => {
        const message = await act(request);
        return { ...this.#where(), message };
      },
    });
  }

  #where(): Omit<SteeringAnswer, 'message'> {
    const { paused, stop, progress } = this.#state;
    const word = paused ? 'paused' : stop ? 'stopping' : 'running';
    return { state: word, iteration: progress.iteration, stage: progress.stage };
  }
}
