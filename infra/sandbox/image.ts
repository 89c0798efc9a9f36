/**
 * What is in a language's sandbox image, for both ways of making it: the Dockerfile where a registry is reached, and
 * Debian packages with `docker import` where none is. The tag changes with the content.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { type Language, languageNamed } from './languages.ts';

/** Where the runner's files lie, owned by root, readable by all. */
export const RUNNER_FOLDER = '/opt/ucoder-runner';
/** Mount points that a read-only root needs. */
export const MOUNT_POINTS = ['/tmp', '/proc', '/sys', '/dev'] as const;

export const imageLabels = ({ name }: Language): Readonly<Record<string, string>> => ({
  'ucoder.image': `sandbox-${name}`,
});

/** What the runner consists of, as paths below the language's folder; not what the host's interpreter left there. */
export const runnerFiles = ({ folder, runner }: Language): string[] =>
  runner.flatMap((name) => filesBelow(folder, name)).sort();

const filesBelow = (folder: string, name: string): string[] => {
  if (!statSync(join(folder, name)).isDirectory()) return extname(name) === '.pyc' ? [] : [name];
  if (name.endsWith('__pycache__')) return [];
  return readdirSync(join(folder, name)).flatMap((entry) => filesBelow(folder, `${name}/${entry}`));
};

const tags = new Map<string, string>();

/** `ucoder/sandbox-<language>:<hash>`. Two clones with the same runner share the image. */
export const imageTag = (language: Language): string => {
  const descriptor = JSON.stringify({ ...language, folder: '' });
  const known = tags.get(language.folder + descriptor);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(descriptor);
  for (const file of ['Dockerfile', ...runnerFiles(language)]) {
    hash.update(`\0${file}\0`).update(readFileSync(join(language.folder, file)));
  }
  const tag = `ucoder/sandbox-${language.name}:${hash.digest('hex').slice(0, 16)}`;
  tags.set(language.folder + descriptor, tag);
  return tag;
};

/** The tag of the image that runs Python. */
export const pythonImageTag = (): string => imageTag(languageNamed('python'));
