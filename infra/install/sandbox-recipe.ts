/** What the sandbox's image is made of, turned into what each way of making it asks for. */
import { readdir } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { imageContent, sandboxFolder, sandboxImageTag } from '../sandbox/image-content.ts';

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
  /** Folders inside whose Python is compiled beforehand. */
  compile: readonly string[];
  /** What the Dockerfile says besides, in its own language. */
  changes: readonly string[];
}>;

export const sandboxRecipe = async (): Promise<SandboxRecipe> => {
  const copies = await Promise.all(
    imageContent.copies.map(async ({ from, to }) => ({ from, to, files: await runnerFiles(from) })),
  );
  const copied = copies.flatMap(({ from, files }) =>
    files.map((file) => relative(sandboxFolder, join(from, file))),
  );
  const [, ...compileArguments] = imageContent.compile;
  return {
    tag: sandboxImageTag(),
    labels: imageContent.labels,
    dockerfile: { context: sandboxFolder, files: ['Dockerfile', ...copied] },
    packages: imageContent.debianPackages,
    copies,
    folders: imageContent.folders,
    compile: compileArguments.filter((argument) => isAbsolute(argument)),
    changes: [
      ...Object.entries(imageContent.environment).map(([name, value]) => `ENV ${name}=${value}`),
      ...Object.entries(imageContent.labels).map(([name, value]) => `LABEL ${name}=${value}`),
      'WORKDIR /',
      `ENTRYPOINT ${JSON.stringify(imageContent.entrypoint)}`,
    ],
  };
};

/** Without its tests and what the host's Python left there. */
const runnerFiles = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true });
  const unwanted = new Set(['tests', '__pycache__']);
  return entries
    .filter((name) => name.endsWith('.py') && !name.split(sep).some((part) => unwanted.has(part)))
    .sort();
};
