/**
 * The text that tells programs apart before anything compiles them: without trailing blanks and line ends. Only those
 * that mean nothing to Python: a no-break space is an error there, and behind a backslash a line end continues a line.
 */
export const programText = (code: string): string => {
  let end = code.length;
  while (end > 0 && ' \t\r\n'.includes(code.charAt(end - 1))) end -= 1;
  return code.charAt(end - 1) === '\\' ? code : code.slice(0, end);
};
