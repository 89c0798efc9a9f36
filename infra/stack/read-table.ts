/** The services that shall run, from the stack file and the files that definitions depend on. */
import { readEnvironment } from '../environment.ts';
import type { Paths } from '../paths.ts';
import { codeVersion } from './code-version.ts';
import { machineShape } from './machine-shape.ts';
import { modelRests } from './model-rest.ts';
import { desiredModel } from './served-model.ts';
import type { Service } from './service.ts';
import { servicesTable } from './services.ts';
import { readStackFile } from './stack-file.ts';

/** Empty where nothing was asked for yet. */
export const readTable = async (paths: Paths): Promise<Service[]> => {
  const stack = await readStackFile(paths);
  if (!stack) return [];
  const { installed, variables, services } = stack;
  const wanted = new Set<string>(services);
  const table = servicesTable(installed, {
    paths,
    variables,
    environment: readEnvironment(variables),
    machine: await machineShape(),
    served: (await modelRests(paths)) ? undefined : await desiredModel(paths, installed.model),
    codeVersion: await codeVersion(),
  });
  return table.filter(({ name }) => wanted.has(name));
};
