import { canonicalText } from './canonical-text.ts';
import { LiteralError, parseLiteral } from './parse-literal.ts';

/** The one text of a literal’s value, as the sandbox writes outputs; undefined where the text is no literal. */
export const canonicalLiteral = (text: string): string | undefined => {
  try {
    return canonicalText(parseLiteral(text));
  } catch (thrown) {
    if (thrown instanceof LiteralError) return undefined;
    throw thrown;
  }
};
