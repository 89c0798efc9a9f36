import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../infra/environment.ts';
import { installContext } from '../../../infra/install/install-context.ts';
import { privateEngine, runtimeFolder } from '../../../infra/install/private-engine.ts';

const LONGEST = '/exec/containerd/containerd-debug.sock.ttrpc';

describe('runtimeFolder', () => {
  it('keeps a short folder as it is', () => {
    expect(runtimeFolder('/home/a/ucoder/.ucoder/run/docker', {})).toBe('/home/a/ucoder/.ucoder/run/docker');
  });

  it('leaves room for the longest socket, however deep the clone lies', () => {
    const deep = fc.array(fc.stringMatching(/^[a-z]{1,20}$/), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(deep, fc.option(deep, { nil: undefined }), (clone, runtime) => {
        const variables = runtime === undefined ? {} : { XDG_RUNTIME_DIR: `/${runtime.join('/')}` };
        const folder = runtimeFolder(`/${clone.join('/')}`, variables);
        expect(Buffer.byteLength(folder + LONGEST)).toBeLessThanOrEqual(107);
      }),
    );
  });

  it('gives each clone its own folder, the same each time', () => {
    const long = (name: string) => `/${'x'.repeat(100)}/${name}`;
    expect(runtimeFolder(long('a'), {})).not.toBe(runtimeFolder(long('b'), {}));
    expect(runtimeFolder(long('a'), {})).toBe(runtimeFolder(long('a'), {}));
    expect(runtimeFolder(long('a'), {}).startsWith(tmpdir())).toBe(true);
    expect(runtimeFolder(long('a'), { XDG_RUNTIME_DIR: '/run/user/1' })).toMatch(/^\/run\/user\/1\/ucoder-/);
  });
});

describe('privateEngine', () => {
  it('keeps the engine away from the machine: own data, own socket, no network rules', () => {
    const context = installContext(readEnvironment({ UCODER_STATE: '/s' }), { PATH: '/usr/bin' });
    const engine = privateEngine(context, { dockerd: '/c/usr/sbin/dockerd', root: '/c' });
    expect(engine.socketPath).toBe('/s/run/docker/docker.sock');
    expect(engine.command.slice(0, 3)).toEqual(['/c/usr/sbin/dockerd', '--data-root', '/s/data/docker']);
    expect(engine.command).toContain('--iptables=false');
    expect(engine.variables.PATH).toMatch(/^\/c\/usr\/sbin:\/c\/usr\/bin:\/c\/sbin:.*\/usr\/bin/);
  });

  it('leaves the variables alone for an engine that the machine has', () => {
    const context = installContext(readEnvironment({}), { PATH: '/usr/bin' });
    expect(privateEngine(context, { dockerd: '/usr/sbin/dockerd' }).variables).toEqual({});
  });
});
