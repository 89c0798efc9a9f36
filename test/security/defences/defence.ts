/** A defence, how to leave it out, and a program whose verdict then changes: none of them is a decoration. */
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Weaken } from '../../../activities/sandbox/container-template.ts';
import type { ExecutionTest } from '../../../core/execution/batch.ts';
import { languageNamed } from '../../../infra/sandbox/languages.ts';
import type { BatchParts } from '../../support/docker.ts';

/** A part of the runner’s code, and what stands there instead. */
export type Patch = readonly [file: string, from: string, to: string];

/** What is left out of the container, or of the runner. */
export type Gap = { readonly container?: Weaken; readonly runner?: readonly Patch[] };

export type Defence = {
  readonly name: string;
  readonly gap: Gap;
  /** Other defences against the same thing, left out in both runs: it is one of several layers. */
  readonly alone?: Gap;
  readonly codes: readonly string[];
  readonly tests?: readonly ExecutionTest[];
  readonly limits?: BatchParts['limits'];
  /** Of the last candidate, with the defence and without. `other` stands for anything else. */
  readonly verdicts: readonly [string, string];
};

/** Python of a function `f` with this body; True is the answer that the defence refuses. */
export const body = (...lines: readonly string[]): string =>
  `import os\ndef f():\n${lines.map((line) => `    ${line}`).join('\n')}\n`;

/** The value of an expression is what is looked at. */
export const value = (expression: string): string => `import os, sys\ndef f():\n    return ${expression}\n`;

export const host =
  (settings: Record<string, unknown>): Weaken =>
  (options) => ({ ...options, HostConfig: { ...options.HostConfig, ...settings } });

/** No second filter on system calls, inside the container’s. */
export const NO_FILTER: Patch = [
  'seccomp.py',
  '    _prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)\n    program = _forking if may_fork else _strict',
  '    return\n    program = _forking if may_fork else _strict',
];
/** Candidates stay root. */
export const NO_UID: Patch = [
  'confine.py',
  '    os.setresgid(confinement.uid, confinement.uid, confinement.uid)\n    os.setresuid(confinement.uid, confinement.uid, confinement.uid)\n',
  '',
];
/** Nobody looks at CPU time. */
export const NO_CPU_CHECKS: Patch = [
  'supervision.py',
  '    def _tick(self, seen: _Seen, *, all_taken: bool) -> None:\n',
  '    def _tick(self, seen: _Seen, *, all_taken: bool) -> None:\n        return\n',
];
export const noLimit = (name: string): Patch => [
  'confine.py',
  `    limit(resource.RLIMIT_${name}, `,
  `    0 and limit(resource.RLIMIT_${name}, `,
];
export const UNCONFINED: Weaken = (options) =>
  host({ SecurityOpt: ['no-new-privileges:true', 'seccomp=unconfined'] })(options);

/** The runner’s code with patches, in a folder that is mounted over the image’s. */
const patchedRunner = (patches: readonly Patch[]): string => {
  const folder = mkdtempSync(join(tmpdir(), 'ucoder-runner-'));
  cpSync(languageNamed('python').folder, folder, { recursive: true });
  for (const [file, from, to] of patches) {
    const path = join(folder, 'ucoder_runner', file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} no longer has ${JSON.stringify(from)}.`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
  return folder;
};

/** Leaves all of the gaps’ defences out. */
export const weakenBy = (...gaps: readonly (Gap | undefined)[]): Weaken => {
  const patches = gaps.flatMap((gap) => gap?.runner ?? []);
  const folder = patches.length > 0 ? patchedRunner(patches) : undefined;
  return (options) => {
    const weakened = gaps.reduce((settings, gap) => gap?.container?.(settings) ?? settings, options);
    return folder === undefined ? weakened : host({ Binds: [`${folder}:/opt/ucoder-runner:ro`] })(weakened);
  };
};
