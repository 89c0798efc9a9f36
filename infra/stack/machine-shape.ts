/** The parts of the machine that the model server is fitted to. */
import { readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';

export type MachineShape = Readonly<{
  /** The processors we may use, as the kernel writes them: "0-1" or "0,2-5". */
  processors: string;
  memoryBytes: number;
}>;

export const machineShape = async (): Promise<MachineShape> => {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  return {
    processors: /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? '0',
    memoryBytes: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
  };
};
