/** versitygw, an S3 server over a folder: it honours the conditional writes that the store relies on. */
import { type GoProgram, goPlatform, goProgram } from './go-program.ts';
import type { InstallContext } from './install-context.ts';

const VERSION = 'v1.8.0';
const OS_NAMES: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'Darwin' };
const architecture = goPlatform.architecture === 'amd64' ? 'x86_64' : goPlatform.architecture;

const program: GoProgram = {
  part: 's3',
  name: 'versitygw',
  version: VERSION,
  module: 'github.com/versity/versitygw/cmd/versitygw',
  linkerFlags: `-s -w -X main.Version=${VERSION.slice(1)}`,
  releaseUrl: `https://github.com/versity/versitygw/releases/download/${VERSION}`,
  archive: `versitygw_${VERSION}_${OS_NAMES[goPlatform.os] ?? goPlatform.os}_${architecture}.tar.gz`,
  probe: ['--help'],
  expected: /posix[\s\S]*--health/,
};

export const s3Server = (context: InstallContext) => goProgram(context, program);
