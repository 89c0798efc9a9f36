/** How a command ends that failed: one message that says what happened and what to do, and an exit code. */
import { messageOf, UcoderError } from '../core/errors.ts';
import { plainText } from '../core/prompts/plain-text.ts';
import { wantsDebug } from '../infra/environment.ts';

/**
 * Prints to standard error and returns the exit code. A stack trace is shown only where UCODER_DEBUG is set. A message
 * may quote a file or a model: no character of it moves the cursor.
 */
export const reportFailure = (thrown: unknown): number => {
  const debug = wantsDebug();
  if (thrown instanceof UcoderError) {
    process.stderr.write(`ucoder: ${plainText(thrown.message)}\n${thrown.advice}\n`);
    if (debug) process.stderr.write(`${thrown.stack}\n`);
    return thrown.exitCode;
  }
  process.stderr.write(
    `ucoder: ${plainText(messageOf(thrown))}\nThis is a fault of ours; run again with UCODER_DEBUG=1 and report what it prints.\n`,
  );
  if (debug && thrown instanceof Error) process.stderr.write(`${thrown.stack}\n`);
  return 1;
};
