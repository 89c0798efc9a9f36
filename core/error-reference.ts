/** The table of errors as Markdown, for docs/errors.md. */
import { ERROR_TABLE } from './errors.ts';

export const errorReference = (): string => {
  const rows = Object.entries(ERROR_TABLE).map(
    ([code, { retryable, exitCode, advice }]) =>
      `| \`${code}\` | ${retryable ? 'yes' : 'no'} | ${exitCode} | ${advice} |`,
  );
  return `# Errors

Every failure has one of these codes: it is the \`type\` of a failed activity in the Temporal UI, and the
command's exit code follows from it. This page is made from \`core/errors.ts\` by \`npm run docs\`.

| code | retried | exit code | what to do |
|---|---|---|---|
${rows.join('\n')}
`;
};
