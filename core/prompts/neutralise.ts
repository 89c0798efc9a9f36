/**
 * Makes inserted text harmless. What a model wrote is data in the next prompt: it must not open or close a turn
 * of the chat, end the fence it stands in, or begin a line that looks like our headings.
 */
import { plainText } from './plain-text.ts';

/**
 * Words that chat templates use between angle or square brackets, whatever the family: ChatML, Llama, Mistral,
 * Gemma, DeepSeek (full-width bars), fill-in-the-middle. Their tokenizers read them as control tokens wherever
 * they stand.
 */
const CONTROL_TOKENS = [
  /<(?=[|｜▁])/gu,
  /(?<=[|｜▁])>/gu,
  /<(?=\/?(?:s|bos|eos|pad|unk|mask|think|tool_call|tool_response|tools)>)/giu,
  /<(?=\/?(?:start_of_turn|end_of_turn|start_of_image|file_sep|filename|gh_stars|repo_name|reponame|issue_\w+|jupyter_\w+|fim_\w+|empty_output|commit_\w+)\b)/giu,
  /<(?=<\/?SYS>)/giu,
  /\[(?=\/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|IMG)\])/giu,
];

/** Breaks control tokens by a space: a reader still sees what was written, a tokenizer does not. */
export const withoutControlTokens = (text: string): string =>
  CONTROL_TOKENS.reduce(
    (result, pattern) => result.replace(pattern, (character) => (character === '>' ? ' >' : `${character} `)),
    text,
  );

/** Invisible characters go first: one between `<` and `|` must not hide a token from what comes after. */
const plain = (text: string): string => withoutControlTokens(plainText(text));

/** For a place within a sentence: one line, without fences. */
export const asLine = (text: string): string => withoutFences(plain(text)).replace(/\s+/gu, ' ').trim();

/** For a place of its own in prose: every line is quoted, so none can begin like a heading of ours. */
export const asQuote = (text: string): string =>
  withoutFences(plain(text))
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');

/** For a place inside a code fence of ours: code as it is, but it cannot end the fence. */
export const asCode = (text: string): string => withoutFences(plain(text));

/** Three or more fence characters in a row are set apart. */
const withoutFences = (text: string): string => text.replace(/`{3,}|~{3,}/gu, (run) => [...run].join(' '));
