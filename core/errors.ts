/**
 * The closed list of what can go wrong, in one table: what the operator should do, whether Temporal
 * retries it, and the command's exit code. docs/errors.md is compared with this table by a test.
 */
export const ERROR_TABLE = {
  usage: { retryable: false, exitCode: 2, advice: 'Run the command with --help to see its arguments.' },
  'invalid-config': {
    retryable: false,
    exitCode: 2,
    advice: 'Correct the named field; docs/config.md lists every key.',
  },
  'invalid-input': {
    retryable: false,
    exitCode: 2,
    advice: 'Correct the named line and field; docs/contracts.md has the format.',
  },
  'file-missing': {
    retryable: false,
    exitCode: 2,
    advice: 'Check the path; relative paths start at the current folder.',
  },
  'campaign-exists': {
    retryable: false,
    exitCode: 2,
    advice: 'Choose another name for a campaign with other settings.',
  },
  'campaign-unknown': { retryable: false, exitCode: 2, advice: 'List the campaigns: npx ucoder list.' },
  'campaign-unfinished': {
    retryable: false,
    exitCode: 1,
    advice: 'See why: npx ucoder status. A campaign that failed goes on when it is started again.',
  },
  'steering-refused': {
    retryable: false,
    exitCode: 2,
    advice: 'See where the campaign is: npx ucoder status. docs/steering.md says what it takes when.',
  },
  'machine-incomplete': {
    retryable: false,
    exitCode: 1,
    advice: 'Install what is named, then run the command again.',
  },
  'install-failed': {
    retryable: true,
    exitCode: 1,
    advice: 'Read the log named in the message, then run the command again.',
  },
  'port-in-use': {
    retryable: true,
    exitCode: 1,
    advice: 'Stop the program that holds the port, or set the environment variable named in the message.',
  },
  'service-unavailable': {
    retryable: true,
    exitCode: 1,
    advice: 'See which part is down: npx ucoder ps. Start it: npx ucoder up.',
  },
  'service-unhealthy': {
    retryable: true,
    exitCode: 1,
    advice: 'Read the log of the service named in the message.',
  },
  'engine-unavailable': {
    retryable: true,
    exitCode: 1,
    advice: 'Start the Docker engine, or set DOCKER_HOST.',
  },
  'sandbox-image-missing': { retryable: false, exitCode: 1, advice: 'Build the image: npx ucoder up.' },
  'sandbox-runtime-missing': {
    retryable: false,
    exitCode: 1,
    advice:
      'Register the runtime with the Docker engine (daemon.json, "runtimes"), or unset UCODER_SANDBOX_RUNTIME.',
  },
  'sandbox-failed': {
    retryable: true,
    exitCode: 1,
    advice: 'A container or its runner died; the batch is run again.',
  },
  'model-unavailable': {
    retryable: true,
    exitCode: 1,
    advice: 'Check the model server: npx ucoder ps, or UCODER_MODEL_URL.',
  },
  'model-missing': {
    retryable: false,
    exitCode: 1,
    advice: 'Name a model that the server offers (GET /v1/models).',
  },
  'model-refused': {
    retryable: false,
    exitCode: 1,
    advice: 'The server refused the request itself; read its message.',
  },
  'model-answer-invalid': {
    retryable: true,
    exitCode: 1,
    advice: 'The server answered with something that is no completion; it is asked again.',
  },
  'model-stalled': {
    retryable: true,
    exitCode: 1,
    advice: 'No token came within the deadline; the request is repeated. Restart the server if it goes on.',
  },
  'prompt-set-invalid': {
    retryable: false,
    exitCode: 2,
    advice: 'Correct the prompt set; docs/prompts.md describes its files.',
  },
  'store-unavailable': {
    retryable: true,
    exitCode: 1,
    advice: 'Check the S3 server: npx ucoder ps, or AWS_ENDPOINT_URL_S3.',
  },
  'store-refused': {
    retryable: false,
    exitCode: 1,
    advice: 'Check the credentials and the bucket (UCODER_BUCKET).',
  },
  'object-missing': {
    retryable: false,
    exitCode: 1,
    advice: 'The object was deleted from the bucket; run its stage again under a new campaign name.',
  },
  'object-corrupt': {
    retryable: true,
    exitCode: 1,
    advice: 'What was read does not match its checksum; it is read again.',
  },
  'disk-full': { retryable: true, exitCode: 1, advice: 'Free space on the disk named in the message.' },
  'training-failed': { retryable: true, exitCode: 1, advice: 'Read the job log named in the message.' },
  'training-stuck': {
    retryable: false,
    exitCode: 1,
    advice:
      'Read the job log named in the message; started again, the campaign goes on from the job’s last checkpoint.',
  },
  'training-out-of-memory': {
    retryable: false,
    exitCode: 1,
    advice: 'Lower training.microBatchSize or training.maxLength.',
  },
  'training-invalid': {
    retryable: false,
    exitCode: 1,
    advice: 'Correct the training section of the campaign.',
  },
  'checkpoint-invalid': {
    retryable: false,
    exitCode: 1,
    advice: 'The checkpoint lacks files or does not match its manifest; train again.',
  },
  'serving-unsupported': {
    retryable: false,
    exitCode: 2,
    advice: 'Choose a serving.mode that fits the model server.',
  },
  'benchmark-missing': {
    retryable: false,
    exitCode: 2,
    advice: 'Name an installed benchmark, or give the path of its file.',
  },
  internal: {
    retryable: false,
    exitCode: 1,
    advice: 'This is a fault of ours; please report it with the log.',
  },
} as const satisfies Record<string, { retryable: boolean; exitCode: 1 | 2; advice: string }>;

export type ErrorCode = keyof typeof ERROR_TABLE;

/** An error that a person reads: what happened, with the value, and what to do (from the table). */
export class UcoderError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'UcoderError';
    this.code = code;
  }

  get advice(): string {
    return ERROR_TABLE[this.code].advice;
  }

  get exitCode(): 1 | 2 {
    return ERROR_TABLE[this.code].exitCode;
  }

  get retryable(): boolean {
    return ERROR_TABLE[this.code].retryable;
  }
}

/** The codes Temporal must not retry, for `nonRetryableErrorTypes`. */
export const nonRetryableCodes = (): ErrorCode[] =>
  (Object.keys(ERROR_TABLE) as ErrorCode[]).filter((code) => !ERROR_TABLE[code].retryable);

/** The message of anything thrown, for use inside another message. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);
