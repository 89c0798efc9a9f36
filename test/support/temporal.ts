/** The Temporal server's program, which `npm test` installs before any test runs. */
import { installContext } from '../../infra/install/install-context.ts';
import { temporalCli } from '../../infra/install/temporal-cli.ts';

export const temporalExecutable = async (): Promise<string> => {
  const path = await temporalCli(installContext()).isInstalled();
  if (path === undefined) throw new Error('The Temporal server is not installed. Run: npm test');
  return path;
};
