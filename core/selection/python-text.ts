/**
 * Reads just enough of Python’s text to recognise functions that do nothing and arguments that come back. It
 * decides about refusing a consensus, never about running anything, and where it is unsure it refuses nothing.
 */

const STRING = /[rbfuRBFU]{0,2}("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y;

/** Statements with which a skeleton stands in for a body. */
const PLACEHOLDER = /^(pass|\.\.\.|return|return None|raise NotImplementedError(\(.*\))?)$/;

/** Whether every function of the module has nothing but its docstring, comments and placeholders. */
export const hasEmptyBodies = (code: string): boolean => {
  const lines = withoutStringsAndComments(code)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const isHeader = (line: string) => /^(import|from|@|def|async def|class)\b|^@/.test(line);
  const isRestOfHeader = (line: string) => /^[\w\s:,.*=[\]|()>"-]*\)\s*(->[^:]*)?:$/.test(line);
  const functions = lines.filter((line) => /^(async )?def\b/.test(line));
  if (functions.length === 0) return false;
  // `def f(x): return None` has its body in the header's line.
  const statements = lines.flatMap((line) => {
    if (!isHeader(line)) return isRestOfHeader(line) || /^\w+\s*:\s*[\w[\], .|]+,?$/.test(line) ? [] : [line];
    const inline = /^(?:async )?def\b.*?\)\s*(?:->[^:]*)?:\s*(.+)$/.exec(line)?.[1];
    return inline === undefined || inline === EMPTY_STRING ? [] : [inline];
  });
  return statements.every((statement) => statement === EMPTY_STRING || PLACEHOLDER.test(statement));
};

const EMPTY_STRING = "''";

/** Strings become empty ones, so that nothing in them looks like code. */
const withoutStringsAndComments = (code: string): string => {
  let result = '';
  for (let at = 0; at < code.length; ) {
    const text = stringAt(code, at);
    if (text !== undefined) {
      result += EMPTY_STRING;
      at += text.length;
    } else if (code.charAt(at) === '#') {
      while (at < code.length && code.charAt(at) !== '\n') at += 1;
    } else {
      result += code.charAt(at);
      at += 1;
    }
  }
  return result;
};

const stringAt = (code: string, at: number): string | undefined => {
  const before = code.charAt(at - 1);
  if (/\w/.test(before) && at > 0) return undefined;
  const pattern = new RegExp(STRING);
  pattern.lastIndex = at;
  return pattern.exec(code)?.[0];
};

/**
 * The texts of the arguments of `name(…)`, a positional one by its place from 0, a keyword one by its name; undefined
 * where the call is anything else.
 */
export const callArguments = (call: string): Map<string, string> | undefined => {
  const text = call.trim();
  const open = text.indexOf('(');
  if (open < 0 || !text.endsWith(')') || !/^[\w.]+\s*$/.test(text.slice(0, open))) return undefined;
  const parts = splitAtCommas(text.slice(open + 1, -1))
    ?.map((part) => part.trim())
    .filter((part) => part !== '');
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

/** At the commas outside of brackets and strings; undefined where a bracket closes that was not opened. */
const splitAtCommas = (text: string): string[] | undefined => {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; ) {
    const quoted = stringAt(text, at);
    if (quoted !== undefined) {
      at += quoted.length;
      continue;
    }
    const character = text.charAt(at);
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    // `f(1) + f(2)` ends with a bracket as well.
    if (depth < 0) return undefined;
    if (character === ',' && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
    at += 1;
  }
  return [...parts, text.slice(start)];
};
