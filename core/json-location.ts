/** Finds where a value stands in a JSON text, so that a complaint about it can name the line. */

type Path = readonly PropertyKey[];

/** Matches one token: a string, a bracket, a separator, or a bare word or number. A long string needs no stack. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}:,]|[^\s[\]{}:,"]+/gy;

/**
 * The line, from 1, of the value at `path` in a well-formed JSON text; for a path that leads nowhere, the line of
 * the nearest value around it.
 */
export const lineOfPath = (text: string, path: Path): number => lineOfOffset(text, offsetOfPath(text, path));

/** The line, from 1, of a character; for the end of the text, that of the last one that can be seen. */
export const lineOfOffset = (text: string, offset: number): number => {
  const end = offset < text.length ? offset : text.trimEnd().length;
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
};

type Frame = { kind: 'array' | 'object'; key: PropertyKey | undefined; awaitsKey: boolean };

const offsetOfPath = (text: string, path: Path): number => {
  const frames: Frame[] = [];
  let best = 0;
  let bestDepth = -1;
  const visit = (offset: number): void => {
    const depth = frames.length;
    if (depth > path.length || depth <= bestDepth) return;
    if (frames.every(({ key }, level) => key === path[level])) {
      best = offset;
      bestDepth = depth;
    }
  };
  for (const { token, offset } of tokensOf(text)) {
    const frame = frames.at(-1);
    if (token === ',') {
      if (frame?.kind === 'array' && typeof frame.key === 'number') frame.key += 1;
      else if (frame) frame.awaitsKey = true;
    } else if (token === ']' || token === '}') frames.pop();
    else if (frame?.kind === 'object' && frame.awaitsKey) {
      frame.key = JSON.parse(token);
      frame.awaitsKey = false;
    } else if (token !== ':') {
      visit(offset);
      if (token === '[') frames.push({ kind: 'array', key: 0, awaitsKey: false });
      else if (token === '{') frames.push({ kind: 'object', key: undefined, awaitsKey: true });
    }
    if (bestDepth === path.length) break;
  }
  return best;
};

function* tokensOf(text: string): Generator<{ token: string; offset: number }> {
  const pattern = new RegExp(TOKEN);
  let offset = 0;
  while (offset < text.length) {
    if (/\s/.test(text.charAt(offset))) {
      offset += 1;
      continue;
    }
    pattern.lastIndex = offset;
    const token = pattern.exec(text)?.[0];
    if (token === undefined) return;
    yield { token, offset };
    offset += token.length;
  }
}
