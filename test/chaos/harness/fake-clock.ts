/**
 * A wall clock of their own for processes, which jumps: libfaketime, loaded into them before everything else. Their
 * monotonic clock goes on as it is, as it does where an operator or NTP sets the time.
 */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { pythonWith } from '../../support/python-with.ts';

const LIBRARY = 'vendor/libfaketime/src/libfaketime.so.1';
const FIND = `import importlib.util as u; print(u.find_spec('libfaketime').submodule_search_locations[0])`;

export const fakeClock = async (folder: string) => {
  // The package brings the library along, built for x86-64 Linux.
  const { stdout } = await execa(await pythonWith('libfaketime', ['libfaketime==3.0.1']), ['-c', FIND]);
  const offset = join(folder, 'clock-offset');
  /** Seconds by which the clocks are ahead of the real one; negative: behind. */
  const jump = async (seconds: number) => {
    // Whole at once: a clock that read half of it would be right for a moment.
    await writeFile(`${offset}.next`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    await rename(`${offset}.next`, offset);
  };
  await jump(0);
  return {
    jump,
    /** What a process needs to have this clock. */
    variables: {
      LD_PRELOAD: join(stdout.trim(), LIBRARY),
      FAKETIME_TIMESTAMP_FILE: offset,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  };
};
