/** Stops before anything is installed or started if the machine lacks something, and names all of it. */
import { UcoderError } from '../../core/errors.ts';
import { installedParts } from './install.ts';
import { type InstallContext, installContext } from './install-context.ts';
import { type Finding, findMissing } from './machine-check.ts';
import { gatherFacts } from './machine-facts.ts';

/** Everything that is missing. `ownPorts` are held by services of this clone that run already. */
export const checkMachine = async (
  ownPorts: ReadonlySet<number> = new Set(),
  context: InstallContext = installContext(),
): Promise<Finding[]> =>
  findMissing(await gatherFacts(context, await installedParts(context), ownPorts), context.environment);

export const requireMachine = async (
  ownPorts: ReadonlySet<number> = new Set(),
  context: InstallContext = installContext(),
): Promise<void> => {
  const findings = await checkMachine(ownPorts, context);
  if (findings.length > 0) throw new UcoderError('machine-incomplete', describeFindings(findings));
};

export const describeFindings = (findings: readonly Finding[]): string => {
  const count = findings.length === 1 ? 'One thing is' : `${findings.length} things are`;
  const lines = findings.map(
    ({ missing, tried, todo }) => `- ${missing}\n    tried: ${tried}\n    to do: ${todo}`,
  );
  return `${count} missing on this machine:\n${lines.join('\n')}`;
};
