/** Brings one part to "installed": quick when it is there, and under the part's lock when it is not. */
import { join } from 'node:path';
import { calmReport } from './calm-report.ts';
import type { InstallContext } from './install-context.ts';
import { withLock } from './lock.ts';
import type { Part, Report } from './part.ts';

export const ensurePart = async <Result>(
  context: InstallContext,
  part: Part<Result>,
  report: Report,
): Promise<Result> => {
  const say = (activity: string) => report({ part: part.name, activity });
  const there = await part.isInstalled();
  if (there !== undefined) return there;
  const file = join(context.paths.cache, 'locks', part.name);
  const waiting = () => say('waiting for another process that installs this');
  return await withLock(file, waiting, async () => {
    // Whoever held the lock before may have done the work.
    const result = (await part.isInstalled()) ?? (await part.install(calmReport(say)));
    say('installed');
    return result;
  });
};
