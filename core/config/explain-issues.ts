/** Turns zod’s issues into lines that a person reads: place, what is wrong, and the key that was probably meant. */
import { distance } from 'fastest-levenshtein';
import { z } from 'zod';

export type Path = readonly PropertyKey[];

/** `tests[3].expected`; the empty path has no name. */
export const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );

/** The closest of `known`, where it is close enough to be a typo. */
export const nearestKey = (unknown: string, known: readonly string[]): string | undefined => {
  const bare = (key: string) => key.toLowerCase().replace(/[^a-z0-9]/g, '');
  const ranked = known
    .map((key) => ({ key, edits: distance(bare(unknown), bare(key)) }))
    .sort((a, b) => a.edits - b.edits || (a.key < b.key ? -1 : 1));
  const best = ranked[0];
  return best && best.edits <= Math.max(2, Math.floor(best.key.length / 3)) ? best.key : undefined;
};

const unwrapped = (schema: unknown): unknown => {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodNullable ||
    inner instanceof z.ZodPipe
  ) {
    inner = inner instanceof z.ZodPipe ? inner.out : inner.unwrap();
  }
  return inner;
};

/** The keys that the schema knows at a path; for a union, those of all its objects. */
export const keysAt = (schema: unknown, path: Path): string[] => {
  const here = unwrapped(schema);
  if (here instanceof z.ZodUnion) return [...new Set(here.options.flatMap((option) => keysAt(option, path)))];
  const [head, ...rest] = path;
  if (here instanceof z.ZodObject)
    return head === undefined ? Object.keys(here.shape) : keysAt(here.shape[String(head)], rest);
  if (here instanceof z.ZodArray && head !== undefined) return keysAt(here.element, rest);
  return [];
};

/** Whoever sends thousands of them, or megabytes, is answered as briefly: the answer is made in a workflow, too. */
const MOST_KEYS = 10;
const LONGEST_KEY = 60;

export type ExplainedIssue = {
  /** Where the value stands; for an unknown key, the key itself. */
  path: Path;
  message: string;
};

/** The branch of a union that the input comes closest to: the one with the fewest issues, deepest first. */
const bestBranch = (
  branches: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined =>
  [...branches].sort((a, b) => deepest(b) - deepest(a) || a.length - b.length)[0];

const deepest = (issues: readonly z.core.$ZodIssue[]): number =>
  Math.max(0, ...issues.map((issue) => issue.path.length));

const explainOne = (issue: z.core.$ZodIssue, schema: unknown, prefix: Path): ExplainedIssue[] => {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    const rest = issue.keys.length - MOST_KEYS;
    return [
      ...issue.keys.slice(0, MOST_KEYS).map((given) => {
        const key = given.length > LONGEST_KEY ? `${given.slice(0, LONGEST_KEY)}…` : given;
        const meant = nearestKey(key, known);
        const advice = meant ? `did you mean "${meant}"?` : `known keys: ${known.join(', ')}`;
        return { path: [...path, given], message: `unknown key "${key}"; ${advice}` };
      }),
      ...(rest > 0 ? [{ path, message: `${rest} more unknown keys` }] : []),
    ];
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = bestBranch(issue.errors);
    if (branch && deepest(branch) > 0) return branch.flatMap((inner) => explainOne(inner, schema, path));
    const messages = [
      ...new Set(issue.errors.flatMap((inner) => inner.map(({ message }) => lower(message)))),
    ];
    return [{ path, message: messages.join(', or ') }];
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return [{ path, message: 'is required' }];
  }
  return [{ path, message: lower(issue.message) }];
};

const lower = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1);

/**
 * Every issue with its place, in the order in which zod found them; of a value of the wrong type only that.
 * `schema` is needed for did-you-mean.
 */
export const explainIssues = (error: z.ZodError, schema: unknown): ExplainedIssue[] => {
  const isType = ({ code }: z.core.$ZodIssue): boolean => code === 'invalid_type';
  const mistyped = new Set(error.issues.filter(isType).map(({ path }) => pathText(path)));
  return error.issues
    .filter((issue) => isType(issue) || !mistyped.has(pathText(issue.path)))
    .flatMap((issue) => explainOne(issue, schema, []));
};
