/** Whether a test's call can be one of the function: as many arguments as it takes, and of the types it names. */
import { literalFits } from './literal-fits.ts';
import type { Signature } from './signature.ts';
import { splitList } from './split-list.ts';

export type Misfit = 'argument-count-mismatch' | 'argument-unknown' | 'argument-type-mismatch';

/** The first way in which the call contradicts the signature; undefined where it fits or cannot be told. */
export const callMisfit = (call: string, { parameters }: Signature): Misfit | undefined => {
  const open = call.indexOf('(');
  const given = splitList(call.slice(open + 1, call.lastIndexOf(')')));
  // Unpacked arguments are as many as the sandbox finds.
  if (!given || given.some((text) => text.startsWith('*'))) return undefined;
  const filled = new Map<string, string>();
  for (const [position, text] of given.entries()) {
    const keyword = /^([A-Za-z_]\w*)\s*=(?!=)\s*(.*)$/s.exec(text);
    const name = keyword?.[1] ?? parameters[position]?.name;
    if (name === undefined) return 'argument-count-mismatch';
    if (!parameters.some((parameter) => parameter.name === name)) return 'argument-unknown';
    if (filled.has(name)) return 'argument-count-mismatch';
    filled.set(name, keyword?.[2] ?? text);
  }
  for (const { name, defaultValue, type } of parameters) {
    const text = filled.get(name);
    if (text === undefined && defaultValue === undefined) return 'argument-count-mismatch';
    if (text !== undefined && !literalFits(text, type)) return 'argument-type-mismatch';
  }
  return undefined;
};
