/** A function that returns the arguments it is given; `run` keeps two copies of it from counting as one program. */
export const echoFunction = (functionName: string, run: number): string =>
  `RUN = ${run}\ndef ${functionName}(*arguments, **keywords):\n    return arguments, keywords\n`;
