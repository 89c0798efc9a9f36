/** What a second kernel between candidates and the machine costs, where the engine has gVisor’s runtime. */
import type Dockerode from 'dockerode';
import { measure } from './ours.ts';
import type { Problem } from './programs.ts';
import { flips, type Row, ratio } from './table.ts';

const RUNTIME = 'runsc';
const CANDIDATES = 32;

export const gvisor = async (docker: Dockerode, problem: Problem): Promise<Row[]> => {
  const { Runtimes } = (await docker.info()) as { Runtimes?: Record<string, unknown> };
  if (!Runtimes?.[RUNTIME]) return [['gVisor: this engine has no runtime runsc', 'not run', '≥ 0.10']];
  const fewer = [{ ...problem, candidates: problem.candidates.slice(0, CANDIDATES) }];
  const native = await measure(docker, 1, fewer);
  const inside = await measure(docker, 1, fewer, {}, RUNTIME);
  const [first] = native.matrices;
  const [second] = inside.matrices;
  const differing = first && second ? `${flips(first, second)} verdicts differ` : '';
  return [['gVisor ÷ native', ratio(inside.pairsPerSecond, native.pairsPerSecond), '≥ 0.10', differing]];
};
