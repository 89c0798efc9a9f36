/** A container of the sandbox's template whose runner is replaced by a script that reads one line and writes JSON. */
import { PassThrough } from 'node:stream';
import type Dockerode from 'dockerode';
import { thisHolder } from '../../../activities/holder.ts';
import { containerOptions } from '../../../activities/sandbox/container-template.ts';
import { pythonImageTag } from '../../../infra/sandbox/image.ts';

export const runScript = async (docker: Dockerode, script: string, input: unknown): Promise<unknown> => {
  const container = await docker.createContainer({
    ...containerOptions({
      image: pythonImageTag(),
      memoryMb: 1024,
      uidRange: 1,
      holder: await thisHolder(),
      cpus: 2,
      runtime: undefined,
    }),
    Entrypoint: ['/usr/bin/python3', '-s', '-S', '-P', '-c', script],
  });
  const stream = await container.attach({
    stream: true,
    hijack: true,
    stdin: true,
    stdout: true,
    stderr: true,
  });
  const chunks: Buffer[] = [];
  const output = new PassThrough().on('data', (chunk: Buffer) => chunks.push(chunk));
  docker.modem.demuxStream(stream, output, process.stderr);
  const ended = new Promise<void>((resolve) => stream.once('end', () => resolve()));
  await container.start();
  stream.write(`${JSON.stringify(input)}\n`);
  await ended;
  return JSON.parse(Buffer.concat(chunks).toString());
};
