import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../infra/environment.ts';
import { pathsFor } from '../../../infra/paths.ts';
import { SEARCH_ATTRIBUTES, servicesTable } from '../../../infra/stack/services.ts';
import { handedOn, withoutHandedOn } from '../../../infra/stack/stack-file.ts';
import { searchAttributes } from '../../../workflows/search-attributes.ts';

const installed = { temporal: '/bin/temporal', s3: '/bin/versitygw', python: '/bin/python' };

const tableFor = (variables: Record<string, string>) => {
  const environment = readEnvironment({ UCODER_STATE: '/state', UCODER_CACHE: '/cache', ...variables });
  return servicesTable(installed, {
    environment,
    paths: pathsFor(environment),
    machine: { processors: '0-3', memoryBytes: 24 * 1024 ** 3 },
    served: { name: 'base', path: '/models/base', sha256: null, contextLength: 2048 },
    variables: handedOn(variables),
    codeVersion: 'v1',
  });
};
const names = (variables: Record<string, string>) => tableFor(variables).map(({ name }) => name);

describe('servicesTable', () => {
  it('leaves out what the user’s own services replace', () => {
    const workers = ['worker-control', 'worker-model', 'worker-sandbox', 'worker-training'];
    expect(names({})).toEqual(['temporal', 's3', 'model', ...workers]);
    expect(names({ TEMPORAL_ADDRESS: 'temporal.example:7233' })).toEqual(['s3', 'model', ...workers]);
    expect(names({ UCODER_MODEL_URL: 'http://gpu:8000/v1' })).toEqual(['temporal', 's3', ...workers]);
    expect(names({ AWS_ENDPOINT_URL_S3: 'http://minio:9000' })).toEqual(['temporal', 'model', ...workers]);
    expect(names({ AWS_PROFILE: 'team' })).toEqual(['temporal', 'model', ...workers]);
  });

  it('waits only for services that are in the table', () => {
    const settings: Record<string, string>[] = [{}, { TEMPORAL_ADDRESS: 'x:1' }, { AWS_PROFILE: 'team' }];
    for (const variables of settings) {
      const table = tableFor(variables);
      const known = table.map(({ name }) => name);
      for (const { dependsOn } of table) for (const need of dependsOn) expect(known).toContain(need);
    }
  });

  it('keeps secrets out of arguments, and listens on the loopback interface only', () => {
    const table = tableFor({ AWS_SECRET_ACCESS_KEY: 'hidden', AWS_ENDPOINT_URL_S3: 'http://minio:9000' });
    for (const { command } of table) expect(command.join(' ')).not.toContain('hidden');
    for (const { command, ports, name } of tableFor({})) {
      if (ports.length > 0) expect(command.join(' '), name).toMatch(/(--ip|--host|--port) 127\.0\.0\.1/);
    }
  });

  it('hands the user’s settings to workers, and to nobody else', () => {
    const table = tableFor({ AWS_SECRET_ACCESS_KEY: 'hidden', AWS_ENDPOINT_URL_S3: 'http://minio:9000' });
    for (const { role, environment } of table) {
      expect(environment.AWS_SECRET_ACCESS_KEY).toBe(role === 'worker' ? 'hidden' : undefined);
    }
    const inherited = { PATH: '/bin', AWS_PROFILE: 'old', UCODER_STATE: '/old' };
    expect(withoutHandedOn(inherited)).toEqual({ PATH: '/bin' });
  });

  it('moves ports by their variables', () => {
    const table = tableFor({
      UCODER_TEMPORAL_PORT: '17233',
      UCODER_S3_PORT: '17070',
      UCODER_MODEL_PORT: '18100',
    });
    const ports = table.flatMap((service) =>
      service.ports.map(({ port, variable }) => `${variable}=${port}`),
    );
    expect(ports).toEqual([
      'UCODER_TEMPORAL_PORT=17233',
      'UCODER_TEMPORAL_PORT=18233',
      'UCODER_S3_PORT=17070',
      'UCODER_MODEL_PORT=18100',
    ]);
  });

  it('registers the search attributes that workflows set', () => {
    const used = Object.values(searchAttributes).map(({ name, type }) => [name, type]);
    const registered = Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => [name, type.toUpperCase()]);
    expect(Object.fromEntries(registered)).toEqual(Object.fromEntries(used));
  });
});
