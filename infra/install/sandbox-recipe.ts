/** What a language's sandbox image is made of, turned into what each way of making it asks for. */
import { imageLabels, imageTag, MOUNT_POINTS, RUNNER_FOLDER, runnerFiles } from '../sandbox/image.ts';
import type { Language } from '../sandbox/languages.ts';

export type SandboxRecipe = Readonly<{
  /** Hashes the content, so an image of an older recipe is never taken for this one. */
  tag: string;
  labels: Readonly<Record<string, string>>;
  /** For a build: the context folder and the files in it. */
  dockerfile: Readonly<{ context: string; files: readonly string[] }>;
  /** For an import: Debian packages, and what is copied into their root file system. */
  packages: readonly string[];
  copies: readonly Readonly<{ from: string; to: string; files: readonly string[] }>[];
  folders: readonly string[];
  /** Run once on the root file system. */
  finish: Language['finish'];
  /** What the Dockerfile says besides, in its own language. */
  changes: readonly string[];
}>;

export const sandboxRecipe = (language: Language): SandboxRecipe => {
  const files = runnerFiles(language);
  const labels = imageLabels(language);
  return {
    tag: imageTag(language),
    labels,
    dockerfile: { context: language.folder, files: ['Dockerfile', ...files] },
    packages: language.debianPackages,
    copies: [{ from: language.folder, to: RUNNER_FOLDER, files }],
    folders: MOUNT_POINTS,
    finish: language.finish,
    changes: [
      ...Object.entries(language.environment).map(([name, value]) => `ENV ${name}=${value}`),
      ...Object.entries(labels).map(([name, value]) => `LABEL ${name}=${value}`),
      'WORKDIR /',
      `ENTRYPOINT ${JSON.stringify(language.entrypoint)}`,
    ],
  };
};
