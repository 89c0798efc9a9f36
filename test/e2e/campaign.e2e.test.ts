/**
 * The main job on real parts, once: Temporal, S3, vLLM, Docker, a fine-tune; with a worker
 * killed in mid-campaign, and a pause.
 */
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { currentProgress } from '../../cli/campaign/campaign-status.ts';
import { CampaignReport } from '../../core/report/report.ts';
import { readEnvironment } from '../../infra/environment.ts';
import { ps } from '../../infra/stack/ps.ts';
import { type LocalStack, localStack } from './local-stack.ts';

const MINUTE = 60_000;

let stack: LocalStack;
let connection: Connection | undefined;
let client: Client;
let transcript = '';
let exitCode: number | undefined;
let report: CampaignReport;
let killed: { pid: number } | undefined;
let rest: { stopped: boolean; answersAgain: boolean } | undefined;

/** Kills the worker that samples, while candidates are being sampled. */
const killModelWorker = async (
  client: Client,
  ended: () => boolean,
): Promise<{ pid: number } | undefined> => {
  const isSampling = async () => {
    const progress = await currentProgress(client, 'end-to-end').catch(() => undefined);
    return ended() || (progress?.stage === 'solve' && progress.done >= 1);
  };
  await vi.waitUntil(isSampling, { timeout: 30 * MINUTE, interval: 500 });
  const services = ended() ? [] : await ps(readEnvironment({ ...process.env, ...stack.variables }));
  const pid = services.find(({ name }) => name === 'worker-model')?.pid;
  if (!pid) return undefined;
  process.kill(pid, 'SIGKILL');
  return { pid };
};

const modelAnswers = async (): Promise<boolean> =>
  fetch(`http://127.0.0.1:${stack.variables.UCODER_MODEL_PORT}/v1/models`).then(
    ({ ok }) => ok,
    () => false,
  );

/** Pauses the campaign until its model server is stopped, then resumes it until the server answers. */
const letModelServerRest = async (ended: () => boolean): Promise<typeof rest> => {
  if (ended()) return undefined;
  await stack.json('pause', 'end-to-end', '--reason', 'its memory is needed for a moment');
  const wait = { timeout: 10 * MINUTE, interval: 500 };
  const stopped = await vi.waitUntil(async () => !(await modelAnswers()) || ended(), wait);
  await stack.json('resume', 'end-to-end');
  const answersAgain = await vi.waitUntil(async () => (await modelAnswers()) || ended(), wait);
  return { stopped: stopped && !ended(), answersAgain: answersAgain && !ended() };
};

beforeAll(async () => {
  stack = await localStack();
  const running = stack.start('quickstart', '--campaign', 'test/e2e/campaign.yaml');
  let ended = false;
  const result = running.finally(() => {
    ended = true;
  });
  connection = Connection.lazy({ address: `127.0.0.1:${stack.variables.UCODER_TEMPORAL_PORT}` });
  client = new Client({ connection });
  killed = await killModelWorker(client, () => ended);
  rest = await letModelServerRest(() => ended);
  const { all, exitCode: code } = await result;
  transcript = all;
  exitCode = code;
  if (code === 0) report = CampaignReport.parse(await stack.json('report', 'end-to-end'));
}, 40 * MINUTE);

afterAll(async () => {
  await connection?.close();
  await stack?.stop();
}, 3 * MINUTE);

describe('the quickstart', () => {
  it('completes and says where everything lies', () => {
    expect(exitCode, transcript.slice(-3000)).toBe(0);
    expect(transcript).toContain('Campaign end-to-end: completed.');
    expect(transcript).toMatch(/Temporal UI: +http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\//);
    expect(transcript).toContain('s3://ucoder/campaigns/end-to-end/');
  });

  it('measures the base and both iterations, and trains at least once', () => {
    expect(report.iterations.map(({ n }) => n)).toEqual([0, 1, 2]);
    expect(report.iterations[0]?.passAt1).not.toBeNull();
    expect(report.iterations[1]?.passAt1).not.toBeNull();
    expect(report.iterations[1]?.pairs ?? 0).toBeGreaterThan(0);
    for (const iteration of report.iterations) expect(iteration.evaluation[0]?.total).toBe(6);
  });

  it('serves iteration 2 from the checkpoint trained in iteration 1', () => {
    expect(report.iterations[1]?.checkpointSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(report.iterations[2]?.servedWeightsSha256).toBe(report.iterations[1]?.checkpointSha256);
    expect(report.iterations[1]?.servedWeightsSha256).not.toBe(report.iterations[1]?.checkpointSha256);
  });

  it('makes the trained answers more likely than they were under the base', () => {
    const fit = report.iterations[1]?.training?.fit;
    expect(fit?.after ?? Number.NEGATIVE_INFINITY).toBeGreaterThan(fit?.before ?? 0);
  });

  it('goes on after kill -9 of the sampling worker without asking for a finished chunk again', async () => {
    expect(killed, 'the worker was killed while candidates were sampled').toBeDefined();
    let chunks = 0;
    let repeated = 0;
    for await (const run of client.workflow.list({ query: 'WorkflowType = "problem"' })) {
      const { events } = await client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
      const sampling = new Set(
        (events ?? [])
          .filter((e) => e.activityTaskScheduledEventAttributes?.activityType?.name === 'sampleCandidates')
          .map((e) => String(e.eventId)),
      );
      for (const event of events ?? []) {
        const started = event.activityTaskStartedEventAttributes;
        if (!started || !sampling.has(String(started.scheduledEventId))) continue;
        chunks += 1;
        if ((started.attempt ?? 1) > 1) repeated += 1;
      }
    }
    expect(chunks).toBeGreaterThan(8);
    // What was in flight at the kill: at most the worker’s slots.
    expect(repeated).toBeLessThanOrEqual(8);
  });

  it('lets the model server rest in a pause, and wakes it', () => {
    expect(rest).toEqual({ stopped: true, answersAgain: true });
  });
});
