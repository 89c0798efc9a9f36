/** Results as heartbeat details, so that a retry begins at the first candidate without one; as long as they are small. */
import type { FinishedCandidate } from '../../core/execution/batch.ts';

const INTERVAL_MS = 2000;
/** Details are a payload in the history: large results are run again instead. */
const MAX_DETAILS_CHARACTERS = 48 * 1024;

export const heartbeatingResults = (
  heartbeat: (details?: unknown) => void,
  earlier: readonly FinishedCandidate[],
) => {
  const results = [...earlier];
  let characters = JSON.stringify(results).length;
  const beat = () => heartbeat(results);
  const timer = setInterval(beat, INTERVAL_MS);
  beat();
  return {
    earlier,
    add: (result: FinishedCandidate): void => {
      const size = JSON.stringify(result).length;
      if (characters + size > MAX_DETAILS_CHARACTERS) return;
      characters += size;
      results.push(result);
      beat();
    },
    stop: (): void => clearInterval(timer),
  };
};
