/** Tables that read well as Markdown and as plain text: every column as wide as its widest cell. */

/** What breaks lines, turns the reading order around or cannot be seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;
/** What Markdown takes for marks, tables, HTML or, before a name and a semicolon, for another character. */
const MARKS = /[\\`*_~[\]<>|#]|&(?=#?\w+;)/g;

/** Text of a model, a file or a server as one line that Markdown and a terminal show as it is. */
export const plain = (text: string, longest = 80): string => {
  // By code point: half of one is no character.
  const characters = [...text.replace(UNSEEN, ' ').trim()];
  const isLong = characters.length > longest;
  const short = isLong ? `${characters.slice(0, longest - 1).join('')}…` : characters.join('');
  return short.replace(MARKS, (character) => `\\${character}`);
};

/** The first column is text, the others are aligned to the right. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) => {
    const padded = widths.map((width, column) => {
      const cell = cells[column] ?? '';
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return `${[line(head), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n')}\n`;
};
