/** Brings the parts of the local stack to "installed" and says where they lie. Quick when they are there. */
import { UcoderError } from '../../core/errors.ts';
import { baseModel } from './base-model.ts';
import { dockerEngine } from './docker-engine.ts';
import { ensurePart } from './ensure-part.ts';
import { humanEval } from './human-eval.ts';
import { type InstallContext, installContext } from './install-context.ts';
import type { Installed, Part, PartName, Report } from './part.ts';
import { pythonEnvironment } from './python-environment.ts';
import { s3Server } from './s3-server.ts';
import { sandboxImages } from './sandbox-image.ts';
import { temporalCli } from './temporal-cli.ts';

/**
 * Three chains side by side: builds that keep the processor busy, downloads, and the sandbox. A part brings
 * along what it stands on (the model its Python, the image its engine). All chains are waited for, so that
 * one failure does not leave the others half done, and every failure is named.
 */
export const install = async (
  parts: Iterable<PartName>,
  report: Report,
  context: InstallContext = installContext(),
): Promise<Installed> => {
  const wanted = new Set(parts);
  const chains = await Promise.allSettled([
    installServers(context, wanted, report),
    installModel(context, wanted, report),
    installSandbox(context, wanted, report),
  ]);
  const failures = chains.flatMap((chain) => (chain.status === 'rejected' ? [chain.reason] : []));
  if (failures.length > 0) throw combine(failures);
  return Object.assign({}, ...chains.map((chain) => (chain.status === 'fulfilled' ? chain.value : {})));
};

/** One after the other: each build uses all cores by itself. */
const installServers = async (
  context: InstallContext,
  wanted: ReadonlySet<PartName>,
  report: Report,
): Promise<Pick<Installed, 's3' | 'temporal'>> => {
  const s3 = wanted.has('s3') ? { s3: await ensurePart(context, s3Server(context), report) } : {};
  const temporal = wanted.has('temporal')
    ? { temporal: await ensurePart(context, temporalCli(context), report) }
    : {};
  return { ...s3, ...temporal };
};

const installModel = async (
  context: InstallContext,
  wanted: ReadonlySet<PartName>,
  report: Report,
): Promise<Pick<Installed, 'python' | 'model' | 'humaneval'>> => {
  if (!wanted.has('python') && !wanted.has('model') && !wanted.has('humaneval')) return {};
  const python = await ensurePart(context, pythonEnvironment(context), report);
  const humaneval = wanted.has('humaneval')
    ? { humaneval: await ensurePart(context, humanEval(context, python), report) }
    : {};
  const model = wanted.has('model')
    ? { model: await ensurePart(context, baseModel(context, python), report) }
    : {};
  return { python, ...humaneval, ...model };
};

const installSandbox = async (
  context: InstallContext,
  wanted: ReadonlySet<PartName>,
  report: Report,
): Promise<Pick<Installed, 'docker' | 'sandboxImages'>> => {
  if (!wanted.has('docker') && !wanted.has('sandbox-image')) return {};
  const docker = await ensurePart(context, dockerEngine(context), report);
  const image = wanted.has('sandbox-image')
    ? { sandboxImages: await ensurePart(context, sandboxImages(context, docker), report) }
    : {};
  return { docker, ...image };
};

const combine = (failures: readonly unknown[]): unknown => {
  const [only] = failures;
  if (failures.length === 1) return only;
  const messages = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)));
  return new UcoderError('install-failed', messages.join('\n\n'), { cause: new AggregateError(failures) });
};

/** What is there already; quick, and installs nothing. */
export const installedParts = async (context: InstallContext = installContext()): Promise<Set<PartName>> => {
  const python = pythonEnvironment(context);
  const docker = dockerEngine(context);
  const interpreter = await python.isInstalled();
  const engine = await docker.isInstalled();
  const found: Part<unknown>[] = [temporalCli(context), s3Server(context), python, docker];
  if (interpreter !== undefined) found.push(baseModel(context, interpreter), humanEval(context, interpreter));
  if (engine !== undefined) found.push(sandboxImages(context, engine));
  const states = await Promise.all(found.map(async (part) => [part.name, await part.isInstalled()] as const));
  return new Set(states.filter(([, state]) => state !== undefined).map(([name]) => name));
};
