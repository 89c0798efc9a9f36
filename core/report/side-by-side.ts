/** Two programs beside each other, for a terminal. */
import { plainText } from '../prompts/plain-text.ts';

/** Columns of `width` characters with a bar between them; longer lines are cut. Texts of a model show no control character. */
export const sideBySide = (left: string, right: string, width: number): string => {
  const [a, b] = [linesOf(left, width), linesOf(right, width)];
  return Array.from({ length: Math.max(a.length, b.length) }, (_, row) =>
    `${(a[row] ?? '').padEnd(width)} │ ${b[row] ?? ''}`.trimEnd(),
  )
    .join('\n')
    .concat('\n');
};

const linesOf = (text: string, width: number): string[] =>
  plainText(text)
    .replaceAll('\t', '    ')
    .trimEnd()
    .split('\n')
    .map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line));
