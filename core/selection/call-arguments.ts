import { bracketEnd } from '../python/scan.ts';
import { splitList } from '../python/split-list.ts';

/**
 * The texts of the arguments of `name(…)`, a positional one by its place from 0, a keyword one by its name; undefined
 * where the call is anything else.
 */
export const callArguments = (call: string): Map<string, string> | undefined => {
  const text = call.trim();
  const open = text.indexOf('(');
  if (open < 0 || !/^[\w.]+\s*$/.test(text.slice(0, open))) return undefined;
  // `f(1) + f(2)` ends with a bracket as well.
  if (bracketEnd(text, open) !== text.length) return undefined;
  const parts = splitList(text.slice(open + 1, -1));
  return (
    parts &&
    new Map(
      parts.map((part, place) => {
        const [, name, value] = /^([A-Za-z_]\w*)\s*=(?!=)\s*([\s\S]*)$/.exec(part) ?? [];
        return name !== undefined && value !== undefined ? [name, value] : [String(place), part];
      }),
    )
  );
};
