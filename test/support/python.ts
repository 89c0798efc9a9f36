/** The project's Python environment, and the tiny model that its own tests train. */
import { join } from 'node:path';
import { execa } from 'execa';
import { installContext } from '../../infra/install/install-context.ts';
import { pythonEnvironment } from '../../infra/install/python-environment.ts';
import { projectRoot } from '../../infra/paths.ts';

export const trainerPackage = join(projectRoot, 'infra', 'trainer');

export const pythonInterpreter = async (): Promise<string> => {
  const path = await pythonEnvironment(installContext()).isInstalled();
  if (path === undefined) throw new Error('The Python environment is not installed. Run: npm test');
  return path;
};

/** Fills `folder` with a random model of two layers and a tokenizer of bytes. */
export const writeTinyModel = async (folder: string): Promise<void> => {
  await execa(await pythonInterpreter(), [join(trainerPackage, 'tests', 'tiny_model.py'), folder]);
};
