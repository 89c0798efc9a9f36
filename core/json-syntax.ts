/** Finds where a text stops being JSON: for most faults JSON.parse tells no place, only a piece of the text around it. */

const SPACE = /[ \t\r\n]*/y;
/** A value that is no list and no object. Unrolled, so that a long string needs no stack. */
const SCALAR =
  /"[ !#-[\]-\u{10ffff}]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[ !#-[\]-\u{10ffff}]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

type Awaited = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end';

/** The offset of the first character that no JSON text can have there; the length of a text that only ends too early. */
export const jsonFaultOffset = (text: string): number => {
  const closings: string[] = [];
  let awaited: Awaited = 'value';
  let at = 0;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  const takeValue = (): boolean => {
    const bracket = text.charAt(at);
    if (bracket !== '[' && bracket !== '{') {
      awaited = 'comma or end';
      return take(SCALAR) !== '';
    }
    closings.push(bracket === '[' ? ']' : '}');
    awaited = bracket === '[' ? 'value or end' : 'key or end';
    at += 1;
    return true;
  };
  const takeEnd = (): boolean => {
    if (text.charAt(at) !== closings.at(-1)) return false;
    closings.pop();
    awaited = 'comma or end';
    at += 1;
    return true;
  };
  const takeMark = (mark: string, next: Awaited): boolean => {
    if (text.charAt(at) !== mark) return false;
    awaited = next;
    at += 1;
    return true;
  };
  const takeKey = (): boolean => {
    if (text.charAt(at) !== '"' || take(SCALAR) === '') return false;
    awaited = 'colon';
    return true;
  };
  const steps: Record<Awaited, () => boolean> = {
    value: takeValue,
    'value or end': () => takeEnd() || takeValue(),
    key: takeKey,
    'key or end': () => takeEnd() || takeKey(),
    colon: () => takeMark(':', 'value'),
    'comma or end': () =>
      takeEnd() || (closings.length > 0 && takeMark(',', closings.at(-1) === ']' ? 'value' : 'key')),
  };
  for (;;) {
    take(SPACE);
    if (at >= text.length || !steps[awaited]()) return at;
  }
};
