/** Takes a list of Python expressions or types apart at its own commas. */
import { bracketEnd, stringEnd } from './scan.ts';

/** The items between the commas that stand in no bracket and no string; undefined where these do not match. */
export const splitList = (text: string): string[] | undefined => {
  const items: string[] = [];
  let start = 0;
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"' || character === "'") at = stringEnd(text, at);
    else if ('([{'.includes(character)) at = bracketEnd(text, at);
    else if (character === ',') {
      items.push(text.slice(start, at).trim());
      at += 1;
      start = at;
    } else at += 1;
    if (at === -1) return undefined;
  }
  const last = text.slice(start).trim();
  return last === '' ? items : [...items, last];
};
