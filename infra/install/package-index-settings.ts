/**
 * uv does not read pip's settings, but a company's mirror and certificates are usually set there.
 * This translates them; what the user has set for uv itself wins. No index is ever named by us.
 */
import { existsSync } from 'node:fs';

type Variables = Readonly<Record<string, string | undefined>>;

/** pip's option names → uv's variables. */
const UV_NAMES: Readonly<Record<string, readonly string[]>> = {
  'index-url': ['UV_DEFAULT_INDEX', 'UV_INDEX_URL'],
  'extra-index-url': ['UV_INDEX', 'UV_EXTRA_INDEX_URL'],
  'find-links': ['UV_FIND_LINKS'],
  cert: ['SSL_CERT_FILE'],
  timeout: ['UV_HTTP_TIMEOUT'],
  'default-timeout': ['UV_HTTP_TIMEOUT'],
  'trusted-host': ['UV_INSECURE_HOST'],
};

/** Reads the output of `pip config list`: lines such as global.index-url='…' and :env:.cert='…'. */
export const parsePipSettings = (listing: string): Map<string, string> => {
  const settings = new Map<string, string>();
  for (const line of listing.split('\n')) {
    const match = /^(?<section>global|install|:env:)\.(?<option>[\w-]+)='(?<value>.*)'$/.exec(line.trim());
    const { section, option, value } = match?.groups ?? {};
    if (option === undefined || value === undefined) continue;
    // The environment stands above the files, as in pip itself.
    if (section === ':env:' || !settings.has(option)) settings.set(option, value);
  }
  return settings;
};

/** The variables to add for uv. */
export const packageIndexVariables = (
  pip: ReadonlyMap<string, string>,
  variables: Variables,
  exists: (path: string) => boolean = existsSync,
): Record<string, string> => {
  const added: Record<string, string> = {};
  for (const [option, value] of pip) {
    const names = UV_NAMES[option];
    const name = names?.[0];
    if (names === undefined || name === undefined || names.some((other) => variables[other])) continue;
    // pip ignores a folder that is not there, uv refuses it.
    if (option === 'find-links' && !value.includes('://') && !exists(value)) continue;
    added[name] = option === 'find-links' ? value.split(/\s+/).join(',') : value;
  }
  return added;
};
