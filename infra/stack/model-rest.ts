/**
 * Our model server at rest: stopped while nothing needs it, so that its memory is free. A mark in the state folder
 * keeps it stopped through restarts of the stack; the model that it served stays written down.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Paths } from '../paths.ts';
import { type RestartOptions, restartService, stopService } from './supervisor-client.ts';

type Where = Pick<Paths, 'run'>;

const markOf = ({ run }: Where): string => join(run, 'model-at-rest');

/** Why it rests; undefined where it does not. */
export const whyModelRests = async (paths: Where): Promise<string | undefined> =>
  readFile(markOf(paths), 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );

export const modelRests = async (paths: Where): Promise<boolean> =>
  (await whyModelRests(paths)) !== undefined;

/** Resolves when no process of the server is left. Thrown: service-unavailable where no supervisor runs. */
export const restModel = async (paths: Where, why: string): Promise<void> => {
  await stopService(paths, 'model');
  await writeFile(markOf(paths), `${why}\n`);
};

/** Resolves when the server answers, with the model that is written down now. Thrown: as restartService. */
export const restartModel = async (paths: Where, options: RestartOptions = {}): Promise<void> => {
  await rm(markOf(paths), { force: true });
  await restartService(paths, 'model', options);
};
