/**
 * The languages of candidates: each is one folder beside this file, with a Dockerfile, a runner that speaks the
 * protocol of `activities/sandbox/protocol.ts`, and a descriptor, `language.yaml`. Nothing outside the folder names it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { UcoderError } from '../../core/errors.ts';

const DESCRIPTOR = 'language.yaml';

const Descriptor = z.strictObject({
  debianPackages: z
    .array(z.string())
    .min(1)
    .describe('With all that they depend on, without recommendations.'),
  runner: z
    .array(z.string())
    .min(1)
    .describe('Files and folders of this folder; they lie in /opt/ucoder-runner.'),
  entrypoint: z.array(z.string()).min(1).describe('Starts the runner, as the container’s first process.'),
  environment: z.record(z.string(), z.string()),
  finish: z
    .strictObject({
      program: z.string().describe('Path below the image’s root.'),
      arguments: z.array(z.string()).describe('“{root}” stands for the folder of the unpacked image.'),
      environment: z.record(z.string(), z.string()).default({}),
    })
    .optional()
    .describe('Run once on an image that is made of packages; a Dockerfile says it in its own words.'),
});

export type Language = Readonly<z.infer<typeof Descriptor>> & {
  /** The folder’s name, and `language` in a batch. */
  readonly name: string;
  /** Absolute path; also the Dockerfile’s context. */
  readonly folder: string;
};

/** Thrown: a ZodError for a descriptor with a fault, which is a fault of whoever wrote the language. */
export const readLanguage = (folder: string): Language => ({
  ...Descriptor.parse(parse(readFileSync(join(folder, DESCRIPTOR), 'utf8'))),
  name: basename(folder),
  folder,
});

let known: readonly Language[] | undefined;

/** All of them, by name. */
export const languages = (): readonly Language[] => {
  const here = fileURLToPath(new URL('.', import.meta.url));
  known ??= readdirSync(here)
    .sort()
    .filter((name) => existsSync(join(here, name, DESCRIPTOR)))
    .map((name) => readLanguage(join(here, name)));
  return known;
};

/** Thrown: invalid-input, which names the languages that there are. */
export const languageNamed = (name: string, among: readonly Language[] = languages()): Language => {
  const found = among.find((language) => language.name === name);
  if (found) return found;
  throw new UcoderError(
    'invalid-input',
    `The sandbox has no language ${JSON.stringify(name)}; it has ${among.map((each) => each.name).join(', ')}.`,
  );
};
