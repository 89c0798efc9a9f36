/** The floor, in a container of the same template: a script that only forks, or only calls. */
import type Dockerode from 'dockerode';
import { z } from 'zod';
import { type Problem, readScript } from './programs.ts';
import { runScript } from './script-container.ts';

const Floor = z.object({ forks: z.number(), calls: z.number() });
export type Floor = z.infer<typeof Floor>;

export const measureFloor = async (
  docker: Dockerode,
  problems: readonly Problem[],
  forks: number,
): Promise<Floor> => Floor.parse(await runScript(docker, await readScript('floor.py'), { forks, problems }));
