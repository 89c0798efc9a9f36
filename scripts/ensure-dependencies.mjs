/**
 * Makes sure that Node is new enough and node_modules is there, for commands that are the first thing ever
 * typed in a clone. Plain JavaScript without dependencies: it runs before there are any.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const MINIMUM_NODE = [20, 11];
const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const lockFile = resolve(root, 'package-lock.json');
/** npm writes it last, so it tells of a whole installation. */
const installedFile = resolve(root, 'node_modules/.package-lock.json');
const guard = resolve(root, '.ucoder/npm-ci.pid');

/** Ends the process with a message where it cannot be done. */
export const ensureDependencies = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
    fail(
      `This is Node.js ${process.versions.node}; ucoder needs ${MINIMUM_NODE.join('.')} or newer. Install it: https://nodejs.org`,
    );
  }
  // Node 20 is supported on purpose; the SDK's reminder on every command helps nobody.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  if (isCurrent()) return;
  claim();
  const failure = isCurrent() ? undefined : installDependencies();
  rmSync(guard, { force: true });
  if (failure) fail(failure);
};

/** A package that was installed without its lock file is npm's affair. */
const isCurrent = () =>
  !existsSync(lockFile) ||
  (existsSync(installedFile) && statSync(installedFile).mtimeMs >= statSync(lockFile).mtimeMs);

/** Returns why it failed, for a person. */
const installDependencies = () => {
  const why = existsSync(installedFile)
    ? 'package-lock.json is newer than node_modules'
    : 'node_modules is missing';
  process.stderr.write(`ucoder: ${why}; running npm ci (a minute or so) ...\n`);
  const npm = process.env.npm_execpath;
  const [program, ...before] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  const options = { cwd: root, stdio: ['ignore', 2, 2] };
  const { status, error } = spawnSync(program, [...before, 'ci', '--include=dev', '--no-progress'], options);
  if (error)
    fail(`npm cannot be started (${error.message}). Install npm, or run npm ci in ${root} yourself.`);
  if (status !== 0)
    fail(`npm ci failed in ${root}; its messages are above. Correct that, then run the command again.`);
};

/** Waits while another process installs; one that died has left a file that means nothing. */
const claim = () => {
  mkdirSync(resolve(root, '.ucoder'), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(guard, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`${guard} cannot be written: ${error.message}`);
    }
    if (!waited) process.stderr.write('ucoder: waiting for another process that runs npm ci ...\n');
    if (!isRunning(readHolder())) rmSync(guard, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
};

/** 0 while the file is being written or was just removed. */
const readHolder = () => {
  try {
    return Number(readFileSync(guard, 'utf8'));
  } catch {
    return 0;
  }
};

const isRunning = (pid) => {
  if (pid === 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

const fail = (message) => {
  process.stderr.write(`ucoder: ${message}\n`);
  process.exit(1);
};
