/**
 * Our model server at rest: stopped while nothing needs it, so that its memory is free. A mark in the state folder
 * keeps it stopped through restarts of the stack; the model that it served stays written down.
 */
import { access, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Paths } from '../paths.ts';
import { type RestartOptions, restartService, stopService } from './supervisor-client.ts';

type Where = Pick<Paths, 'run'>;

const markOf = ({ run }: Where): string => join(run, 'model-at-rest');

export const modelRests = async (paths: Where): Promise<boolean> =>
  access(markOf(paths)).then(
    () => true,
    () => false,
  );

/** Resolves when no process of the server is left. Thrown: service-unavailable where no supervisor runs. */
export const restModel = async (paths: Where): Promise<void> => {
  await stopService(paths, 'model');
  await writeFile(markOf(paths), 'Stopped while its campaign is paused.\n');
};

/** Resolves when the server answers, with the model that is written down now. Thrown: as restartService. */
export const restartModel = async (paths: Where, options: RestartOptions = {}): Promise<void> => {
  await rm(markOf(paths), { force: true });
  await restartService(paths, 'model', options);
};
