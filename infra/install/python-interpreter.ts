/** Finds the machine's own Python: the newest acceptable one is not needed, the first on PATH is. */
import { execa } from 'execa';
import { findExecutable } from './find-executable.ts';

/** What vLLM and torch publish wheels for. */
export const PYTHON_VERSIONS = { minimum: [3, 11], below: [3, 15] } as const;

export type PythonInterpreter = Readonly<{
  path: string;
  version: readonly [number, number];
  hasPip: boolean;
  /** Both venv and ensurepip: Debian ships them apart from Python, in python3-venv. */
  hasVenv: boolean;
}>;

const NAMES = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'];

// The base executable: a virtual environment that happens to be active must not become the parent of ours.
const PROBE = `
import importlib.util as u, json, sys
has = lambda name: u.find_spec(name) is not None
print(json.dumps({
  "path": getattr(sys, "_base_executable", None) or sys.executable,
  "version": list(sys.version_info[:2]),
  "hasPip": has("pip"),
  "hasVenv": has("venv") and has("ensurepip"),
}))`;

export const isAcceptable = ([major, minor]: readonly [number, number]): boolean =>
  major === PYTHON_VERSIONS.minimum[0] &&
  minor >= PYTHON_VERSIONS.minimum[1] &&
  minor < PYTHON_VERSIONS.below[1];

/** All interpreters that answer, in the order in which they are preferred. */
export const findInterpreters = async (searchPath: string): Promise<PythonInterpreter[]> => {
  const found: PythonInterpreter[] = [];
  for (const name of NAMES) {
    const file = await findExecutable(name, searchPath);
    const interpreter = file === undefined ? undefined : await probe(file);
    if (interpreter !== undefined && !found.some(({ path }) => path === interpreter.path))
      found.push(interpreter);
  }
  return found;
};

const probe = async (file: string): Promise<PythonInterpreter | undefined> => {
  // A version manager's shim exists on PATH and fails when its version is not installed: no interpreter.
  const { stdout, failed } = await execa(file, ['-I', '-c', PROBE], { reject: false, timeout: 20_000 });
  if (failed) return undefined;
  const { path, version, hasPip, hasVenv } = JSON.parse(stdout) as PythonInterpreter;
  return { path, version, hasPip, hasVenv };
};
