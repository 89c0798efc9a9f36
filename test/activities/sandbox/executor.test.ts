import Dockerode from 'dockerode';
import { expect, it } from 'vitest';
import { createExecutor } from '../../../activities/sandbox/executor.ts';

const engine = (info: object) => Object.assign(new Dockerode(), { info: async () => info });

it('refuses a runtime that the engine does not have, and names those that it has', async () => {
  const docker = engine({ NCPU: 2, Runtimes: { runc: {}, crun: {} } });
  const failed = createExecutor({ docker, runtime: 'runsc' });
  await expect(failed).rejects.toMatchObject({
    code: 'sandbox-runtime-missing',
    message: 'The Docker engine has no runtime "runsc"; it has runc, crun.',
  });
  await (await createExecutor({ docker, runtime: 'crun' })).close();
});
