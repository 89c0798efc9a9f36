/** The Temporal CLI, which carries the development server and its UI. */
import { type GoProgram, goPlatform, goProgram } from './go-program.ts';
import type { InstallContext } from './install-context.ts';

// Later versions carry replace directives, which `go install` refuses.
const VERSION = 'v1.5.1';

const program: GoProgram = {
  part: 'temporal',
  name: 'temporal',
  version: VERSION,
  module: 'github.com/temporalio/cli/cmd/temporal',
  linkerFlags: `-s -w -X github.com/temporalio/cli/temporalcli.Version=${VERSION.slice(1)}`,
  releaseUrl: `https://github.com/temporalio/cli/releases/download/${VERSION}`,
  archive: `temporal_cli_${VERSION.slice(1)}_${goPlatform.os}_${goPlatform.architecture}.tar.gz`,
  // An old one on PATH lacks the options that the service is started with.
  probe: ['server', 'start-dev', '--help'],
  expected: /--search-attribute[\s\S]*--sqlite-pragma/,
};

export const temporalCli = (context: InstallContext) => goProgram(context, program);
