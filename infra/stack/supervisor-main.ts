/** The supervisor's process. Started detached by `ucoder up`; a second one for the same state folder ends at once. */
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { inheritedVariables, readEnvironment } from '../environment.ts';
import { withLock } from '../install/lock.ts';
import { pathsFor } from '../paths.ts';
import { codeVersion } from './code-version.ts';
import { identify } from './process-identity.ts';
import { readTable } from './read-table.ts';
import { supervisorSocket } from './socket-path.ts';
import { withoutHandedOn } from './stack-file.ts';
import { Supervisor } from './supervisor.ts';
import { findSupervisor, removeSupervisorRecord, writeSupervisorRecord } from './supervisor-record.ts';
import { serveControls } from './supervisor-server.ts';

/** An answer in progress may take this long to go out before the process ends. */
const LAST_ANSWERS_MS = 2_000;

const variables = inheritedVariables();
const paths = pathsFor(readEnvironment());

const say = (line: string): void => {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
};

/** Returns when it was told to end. */
const supervise = async (): Promise<void> => {
  const context = { paths, variables: withoutHandedOn(variables) };
  const supervisor = new Supervisor({ context, say, readTable: () => readTable(paths) });
  let tell: (services: 'stop' | 'leave') => void = () => undefined;
  let noteEnd = (): void => undefined;
  const told = new Promise<'stop' | 'leave'>((resolve) => {
    tell = resolve;
  });
  const ended = new Promise<void>((resolve) => {
    noteEnd = resolve;
  });
  const end = (services: 'stop' | 'leave'): Promise<void> => {
    tell(services);
    return ended;
  };
  process.on('SIGTERM', () => void end('stop'));
  process.on('SIGINT', () => void end('stop'));

  const socketPath = supervisorSocket(paths.run, variables.XDG_RUNTIME_DIR);
  const stopListening = await serveControls(socketPath, { supervisor, end });
  const self = (await identify(process.pid)) ?? { pid: process.pid, startTime: 0 };
  await writeSupervisorRecord(paths, { ...self, socketPath, codeVersion: await codeVersion() });
  say(`supervises ${paths.state}`);
  supervisor.apply().catch((thrown) => say(`cannot read the table of services: ${messageOf(thrown)}`));

  const services = await told;
  say(services === 'stop' ? 'stops everything' : 'leaves; the services go on');
  await (services === 'stop' ? supervisor.stopAll() : supervisor.leaveAll());
  await removeSupervisorRecord(paths);
  noteEnd();
  // A folder outside .ucoder held nothing but the socket.
  if (dirname(socketPath) !== paths.run) await rm(dirname(socketPath), { recursive: true, force: true });
  await Promise.race([stopListening(), new Promise((resolve) => setTimeout(resolve, LAST_ANSWERS_MS))]);
};

/** The lock of a supervisor that was killed is free in a moment; one that lives keeps it, and is enough. */
const endWhereOneLives = (): void => {
  const look = setInterval(async () => {
    if (await findSupervisor(paths)) process.exit(0);
  }, 100);
  look.unref();
  lookedUp = () => clearInterval(look);
};
let lookedUp = (): void => undefined;

await mkdir(paths.run, { recursive: true, mode: 0o700 });
await withLock(join(paths.run, 'supervisor.lock'), endWhereOneLives, async () => {
  lookedUp();
  await supervise();
});
process.exit(0);
