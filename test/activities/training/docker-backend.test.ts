import { describe, expect, it } from 'vitest';
import { containerOptions } from '../../../activities/training/docker-backend.ts';
import { jobFolder } from '../../../activities/training/job-folder.ts';

const options = (gpus: boolean) =>
  containerOptions(
    { folder: jobFolder('/state/jobs', 'quickstart-1-0123456789abcdef'), model: '/models/base' },
    { image: 'ucoder/trainer:1', packageFolder: '/app/infra/trainer', user: { uid: 1000, gid: 100 }, gpus },
  );

describe('the trainer’s container', () => {
  it('has the job’s name, so that a second one cannot be created', () => {
    expect(options(true).name).toBe('ucoder-train-quickstart-1-0123456789abcdef');
  });

  it('sees the job’s folder where the worker sees it, and the model and the trainer without writing to them', () => {
    expect(options(true).HostConfig?.Binds).toEqual([
      '/state/jobs/quickstart-1-0123456789abcdef:/state/jobs/quickstart-1-0123456789abcdef',
      '/models/base:/models/base:ro',
      '/app/infra/trainer:/opt/ucoder:ro',
    ]);
    expect(options(true).Entrypoint?.slice(-1)).toEqual(['/state/jobs/quickstart-1-0123456789abcdef']);
  });

  it('has no network, no capabilities, and the worker’s user', () => {
    expect(options(true)).toMatchObject({
      User: '1000:100',
      HostConfig: { NetworkMode: 'none', CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'] },
    });
    expect(options(true).HostConfig?.Privileged).toBeUndefined();
  });

  it('asks for all GPUs, or for none', () => {
    expect(options(true).HostConfig?.DeviceRequests).toEqual([
      { Driver: 'nvidia', Count: -1, Capabilities: [['gpu']] },
    ]);
    expect(options(false).HostConfig?.DeviceRequests).toBeUndefined();
  });
});
