/** The ports that living services of this state folder hold: for them, "in use" is no hindrance. */
import type { Paths } from '../paths.ts';
import { readTable } from './read-table.ts';
import { findProcess } from './service-process.ts';

export const ownPorts = async (paths: Paths): Promise<Set<number>> => {
  const held = await Promise.all(
    (await readTable(paths)).map(async ({ name, ports }) =>
      (await findProcess({ paths, variables: {} }, name)) ? ports.map(({ port }) => port) : [],
    ),
  );
  return new Set(held.flat());
};
