/** Other ways to break a line than \n, and characters that change the reading order or cannot be seen. */
const LINE_BREAKS = /\r\n?|[\v\f\x85\u2028\u2029]/gu;
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}]/gu;

/** Text whose lines are what they look like: one kind of line break, nothing invisible. */
export const plainText = (text: string): string => text.replace(LINE_BREAKS, '\n').replace(INVISIBLE, '');
