/** The parser of the form `code-blocks`: fenced blocks, by the rules of CommonMark that models keep to. */
import { type Parsed, parsed, unparsed } from './parsed.ts';

/** All of the fence's characters in a row, so that a long one followed by a backtick is not tried at every length. */
const OPENING = /^ {0,3}(`{3,}(?!`)|~{3,}(?!~))[^`]*$/;

/** The contents of all fenced blocks. The last may lack its closing fence: a stop string or the length ended it. */
export const fencedBlocks = (answer: string): string[] => {
  const blocks: string[] = [];
  let fence: string | undefined;
  let lines: string[] = [];
  for (const line of answer.replace(/\r\n?/g, '\n').split('\n')) {
    if (fence === undefined) {
      fence = OPENING.exec(line)?.[1];
      lines = [];
    } else if (isClosing(line, fence)) {
      blocks.push(lines.join('\n'));
      fence = undefined;
    } else lines.push(line);
  }
  if (fence !== undefined) blocks.push(lines.join('\n'));
  return blocks.filter((block) => block.trim() !== '');
};

const isClosing = (line: string, fence: string): boolean => {
  const text = line.trim();
  return text.length >= fence.length && text === fence.charAt(0).repeat(text.length);
};

/** An answer without any fence counts as code where it begins like Python. */
const LOOKS_LIKE_PYTHON = /^(?:def|import|from|assert|class|@)\b/;

export const parseCodeBlocks = (answer: string): Parsed<string[]> => {
  const blocks = fencedBlocks(answer);
  if (blocks.length > 0) return parsed(blocks);
  const bare = answer.trim();
  if (LOOKS_LIKE_PYTHON.test(bare)) return parsed([bare]);
  return unparsed(bare === '' ? 'empty-answer' : 'no-code-block');
};
