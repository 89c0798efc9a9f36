/** A container of the sandbox's template whose runner is replaced by a script that reads one line and writes JSON. */
import type Dockerode from 'dockerode';
import { containerOptions } from '../../../activities/sandbox/container-template.ts';
import { pythonImageTag } from '../../../infra/sandbox/image.ts';

export const runScript = async (docker: Dockerode, script: string, input: unknown): Promise<unknown> => {
  const container = await docker.createContainer({
    ...containerOptions({
      image: pythonImageTag(),
      memoryMb: 1024,
      uidRange: 1,
      holder: `bench:${process.pid}`,
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
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve) => stream.once('end', () => resolve()));
  await container.start();
  stream.write(`${JSON.stringify(input)}\n`);
  await ended;
  return JSON.parse(plainOutput(Buffer.concat(chunks)));
};

/** Undoes Docker’s multiplexing of a text. */
const plainOutput = (bytes: Buffer): string => {
  let text = '';
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4);
    text += bytes.subarray(at + 8, at + 8 + length).toString();
    at += 8 + length;
  }
  return text;
};
