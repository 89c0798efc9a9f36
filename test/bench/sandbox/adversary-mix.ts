/** Honest candidates among endless loops, memory bombs and floods: what they lose beyond the budgets spent. */
import type Dockerode from 'dockerode';
import { seconds, withExecutor } from './ours.ts';
import { batchOf, type Problem } from './programs.ts';
import { type Row, ratio } from './table.ts';

const LOOP = 'def solve(x):\n    while True: pass\n';
const BOMB = 'def solve(x):\n    held = []\n    while True: held.append(bytearray(1 << 24))\n';
const FLOOD = "def solve(x):\n    while True: print('x' * 1000)\n";

/** 5 % loops, 2 % bombs, 2 % floods of a batch. */
const hostile = (candidates: number): string[] =>
  (
    [
      [LOOP, 0.05],
      [BOMB, 0.02],
      [FLOOD, 0.02],
    ] as const
  ).flatMap(([code, share]) =>
    Array.from({ length: Math.max(1, Math.round(candidates * share)) }, (_, n) => `${code}NUMBER = ${n}\n`),
  );

export const adversaryMix = (docker: Dockerode, problem: Problem): Promise<Row[]> =>
  withExecutor(docker, 2, async (executor) => {
    const bad = hostile(problem.candidates.length);
    const honest = { ...problem, candidates: problem.candidates.slice(bad.length) };
    const step = Math.floor(honest.candidates.length / bad.length);
    const mixed = honest.candidates.flatMap((code, index) => {
      const cheat = index % step === 0 ? bad[index / step] : undefined;
      return cheat === undefined ? [code] : [cheat, code];
    });
    await executor.execute(batchOf(honest));
    const [, alone] = await seconds(() => executor.execute(batchOf(honest)));
    const [matrix, together] = await seconds(() =>
      executor.execute(batchOf({ ...honest, candidates: mixed })),
    );
    const isBad = new Set(bad);
    const spent = matrix.candidates.reduce(
      (sum, { durationMs }, index) => sum + (isBad.has(mixed[index] ?? '') ? durationMs / 1000 : 0),
      0,
    );
    const wrong = mixed.filter((code, index) => {
      const { outcomes = [] } = matrix.candidates[index] ?? {};
      return isBad.has(code) && outcomes.includes('pass');
    });
    // Both containers share what the budgets cost.
    const loss = Math.max(0, 1 - (alone + spent / 2) / together);
    return [
      [
        'loops, bombs and floods: time beyond the honest candidates’ and the CPU budgets spent, %',
        (loss * 100).toFixed(0),
        '≤ 10',
      ],
      ['the same, in all (time alone ÷ time together)', ratio(alone, together), ''],
      ['passes of adversaries', String(wrong.length), '0'],
    ];
  });
