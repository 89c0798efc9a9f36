/**
 * Keeps progress readable: a build names a thousand packages in a minute. A new kind of activity passes at
 * once; another line of the same kind ("unpacking, 3 of 42") only after a while.
 */
const QUIET_MS = 3_000;

export const calmReport = (
  say: (activity: string) => void,
  now: () => number = () => performance.now(),
): ((activity: string) => void) => {
  let lastKind: string | undefined;
  let lastTime = Number.NEGATIVE_INFINITY;
  return (activity) => {
    const [kind] = activity.split(/[:,]/, 1);
    if (kind === lastKind && now() - lastTime < QUIET_MS) return;
    lastKind = kind;
    lastTime = now();
    say(activity);
  };
};
