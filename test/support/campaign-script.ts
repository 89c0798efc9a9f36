/**
 * What a scripted model answers throughout a whole campaign with the prompt set `small`: problems that differ
 * by topic, tests that run, candidates of which most agree. A function of (model, prompt, seed) alone.
 */
import { createHash } from 'node:crypto';
import type { Script, ScriptedAnswer } from './scripted-model-server.ts';

const numberFrom = (...parts: (string | number)[]): number =>
  createHash('sha256').update(parts.join('/')).digest().readUInt32BE(0);

const lastMatch = (text: string, pattern: RegExp): string | undefined =>
  [...text.matchAll(pattern)].at(-1)?.[1];

/** The n-th candidate in eight has another fault; five of eight agree. */
const BODIES = [
  'return number * 2',
  'return number + number',
  'return 2 * number',
  'total = number\n    total += number\n    return total',
  'return sum([number, number])',
  'return number + 1',
  'raise ValueError(number)',
  'return [number][1]',
];

const proposal = (topic: string): string => {
  const name = topic
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, '_')
    .slice(0, 30);
  return `\ndef ${name}(number: int) -> int:\n    """Return ${topic} for the number, which means twice its value."""`;
};

const asserts = (functionName: string, seed: number): string =>
  Array.from({ length: 30 }, (_, line) => numberFrom(functionName, seed, line) % 1_000_000)
    .map((value) => `${value}) == ${value * 2}`)
    .join(`\nassert ${functionName}(`);

/** A model that was trained answers greedily right; the base does so for every other function. */
const solution = (model: string, prompt: string, seed: number, greedy: boolean): string => {
  const functionName = lastMatch(prompt, /def ([a-z_0-9]+)\(/g) ?? 'f';
  const knows = model.includes('iteration') || numberFrom(functionName) % 2 === 0;
  const body = greedy ? (knows ? 0 : 5) : numberFrom(prompt, seed) % BODIES.length;
  return `\n    ${BODIES[body]}\n`;
};

export const campaignScript: Script = ({ prompt, seed, request }): ScriptedAnswer => {
  const model = String(request.body.model);
  if (request.path.endsWith('/chat/completions')) {
    return { text: solution(model, prompt, seed, request.body.temperature === 0) };
  }
  const topic = /# Topic: ([^\n]+)\n?$/.exec(prompt)?.[1];
  if (topic !== undefined) return { text: proposal(topic) };
  const tested = /assert ([a-z_0-9]+)\($/.exec(prompt)?.[1];
  if (tested !== undefined) return { text: asserts(tested, seed) };
  if (prompt.endsWith('Args:')) {
    return { text: '\n        number: The number to begin with.\n\n    Returns:\n        The result.' };
  }
  return { text: 'x' };
};
