/**
 * The images of the sandbox, one a language: built from its Dockerfile where the engine reaches a registry, else
 * imported from a root file system of Debian packages. Both carry the same tag, which hashes the recipe.
 */
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { messageOf, UcoderError } from '../../core/errors.ts';
import { imageTag } from '../sandbox/image.ts';
import { languages } from '../sandbox/languages.ts';
import { checkSandboxImage } from './check-sandbox-image.ts';
import { canUseApt } from './debian-packages.ts';
import { dockerFor } from './docker-client.ts';
import { engineAnswers } from './docker-engine.ts';
import { followStream } from './follow-stream.ts';
import { type InstallContext, logFileOf } from './install-context.ts';
import type { DockerEngine, Part } from './part.ts';
import { makeRootFilesystem } from './root-filesystem.ts';
import { runLogged } from './run-logged.ts';
import { type SandboxRecipe, sandboxRecipe } from './sandbox-recipe.ts';
import { withEngine } from './with-engine.ts';

type Say = (activity: string) => void;

/** Until the engine's first word: one that cannot reach its registry may try for minutes. */
const REGISTRY_SILENCE_MS = 45_000;

/** Gives the images' tags. The engine must be known first; ours is started for the while if it is down. */
export const sandboxImages = (context: InstallContext, engine: DockerEngine): Part<readonly string[]> => {
  const log = logFileOf(context, 'sandbox-image');
  return {
    name: 'sandbox-image',
    async isInstalled() {
      const tags = languages().map(imageTag);
      if (await engineAnswers(engine)) {
        const docker = dockerFor(engine);
        const there = await Promise.all(tags.map((tag) => hasImage(docker, tag)));
        return there.every(Boolean) ? tags : undefined;
      }
      // Our engine may be down while its data is there: starting it only to ask would take seconds.
      const isNoted = engine.kind === 'private' && (await readNote(engine.dataRoot)) === noteOf(tags);
      return isNoted ? tags : undefined;
    },
    async install(say) {
      const recipes = languages().map(sandboxRecipe);
      await withEngine(engine, logFileOf(context, 'docker'), async (docker) => {
        for (const recipe of recipes) {
          if (!(await hasImage(docker, recipe.tag)))
            await makeSandboxImage(context, docker, recipe, log, say);
          say('checking the sandbox image');
          await checkSandboxImage(docker, recipe.tag);
        }
      });
      const tags = recipes.map(({ tag }) => tag);
      if (engine.kind === 'private') await writeNote(engine.dataRoot, tags);
      return tags;
    },
  };
};

const hasImage = async (docker: Docker, tag: string): Promise<boolean> => {
  try {
    await docker.getImage(tag).inspect();
    return true;
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return false;
    throw new UcoderError(
      'engine-unavailable',
      `The Docker engine fails to look an image up: ${messageOf(error)}`,
      { cause: error },
    );
  }
};

/** Thrown: install-failed, with what was tried. */
export const makeSandboxImage = async (
  context: InstallContext,
  docker: Docker,
  recipe: SandboxRecipe,
  log: string,
  say: Say,
): Promise<void> => {
  const tried: string[] = [];
  for (const way of [buildFromDockerfile, importFromPackages]) {
    try {
      await way(context, docker, recipe, log, say);
      return;
    } catch (error) {
      tried.push(`- ${messageOf(error)}`);
    }
  }
  throw new UcoderError(
    'install-failed',
    `The sandbox image ${recipe.tag} could not be made. Tried:\n${tried.join('\n')}`,
  );
};

const buildFromDockerfile = async (
  _context: InstallContext,
  docker: Docker,
  recipe: SandboxRecipe,
  log: string,
  say: Say,
): Promise<void> => {
  say('building the sandbox image from its Dockerfile');
  const source = { context: recipe.dockerfile.context, src: [...recipe.dockerfile.files] };
  // Our own engine has no bridge network, so the build uses the machine's.
  const options = { t: recipe.tag, networkmode: 'host', forcerm: true, labels: recipe.labels };
  const stream = await docker.buildImage(source, options);
  await followStream(stream, { log, silenceMs: REGISTRY_SILENCE_MS, say });
};

const importFromPackages = async (
  context: InstallContext,
  docker: Docker,
  recipe: SandboxRecipe,
  log: string,
  say: Say,
): Promise<void> => {
  if (!(await canUseApt(context)))
    throw new UcoderError('install-failed', 'This is no Debian-like machine: no apt-get and dpkg-deb.');
  await mkdir(context.paths.cache, { recursive: true });
  const folder = await mkdtemp(join(context.paths.cache, 'sandbox-image-'));
  try {
    const root = join(folder, 'root');
    await makeRootFilesystem(context, recipe, root, log, say);
    const archive = join(folder, 'root.tar');
    await pack(root, archive, log);
    say('importing the sandbox image');
    const [repo, tag] = splitTag(recipe.tag);
    // The engine reads the changes as lines of a Dockerfile.
    const stream = await docker.importImage(createReadStream(archive), {
      repo,
      tag,
      changes: recipe.changes.join('\n'),
    });
    await followStream(stream, { log, silenceMs: REGISTRY_SILENCE_MS, say });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Everything belongs to root inside, whoever unpacked it, and carries no date. */
const pack = (root: string, archive: string, log: string): Promise<string> =>
  runLogged({
    command: 'tar',
    arguments: [
      ...['--create', '--file', archive, '--directory', root, '--sort', 'name', '--mtime', '@0'],
      ...['--owner', '0', '--group', '0', '--numeric-owner', '--mode', 'a+rX', '.'],
    ],
    log,
    purpose: 'packing the root file system of the sandbox',
    advice: 'Check the free space on that disk.',
  });

const splitTag = (name: string): [string, string] => {
  const colon = name.lastIndexOf(':');
  return colon < 0 ? [name, 'latest'] : [name.slice(0, colon), name.slice(colon + 1)];
};

const noteFile = (dataRoot: string): string => join(dataRoot, 'ucoder-sandbox-image');

const readNote = async (dataRoot: string): Promise<string | undefined> =>
  (await readFile(noteFile(dataRoot), 'utf8').catch(() => undefined))?.trim();

const noteOf = (tags: readonly string[]): string => tags.join(' ');

const writeNote = async (dataRoot: string, tags: readonly string[]): Promise<void> => {
  await writeFile(`${noteFile(dataRoot)}.new`, `${noteOf(tags)}\n`);
  await rename(`${noteFile(dataRoot)}.new`, noteFile(dataRoot));
};
