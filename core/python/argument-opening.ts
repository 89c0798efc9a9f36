/** How the literal of a function's first argument begins, where its type leaves no choice. */
import type { Signature } from './signature.ts';

const OPENINGS: Record<string, string> = {
  str: '"',
  list: '[',
  List: '[',
  dict: '{',
  Dict: '{',
  set: '{',
  Set: '{',
  tuple: '(',
  Tuple: '(',
};

/** Empty where the type leaves a choice. */
export const argumentOpening = ({ parameters }: Signature): string => {
  const type = /^(\w+)(?:\[.*\])?$/s.exec(parameters[0]?.type ?? '')?.[1];
  return type === undefined ? '' : (OPENINGS[type] ?? '');
};
