/** Who types a command, and where: stands in audit lines, where nobody is named. */
import { hostname, userInfo } from 'node:os';

/** As long as a name may be in a request. */
const LONGEST = 100;

/** `ann@workstation`; a container may run under a uid that has no name. */
export const userName = (): string => `${user()}@${hostname()}`.slice(0, LONGEST);

const user = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
};
