/** The root credentials of our own S3 server: made once for each state folder, readable by this user only. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseVariables } from './service-process.ts';

export type S3Credentials = { accessKeyId: string; secretAccessKey: string };

/** Undefined where no stack was started in this state folder yet. */
export const readS3Credentials = async (file: string): Promise<S3Credentials | undefined> => {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { ROOT_ACCESS_KEY: accessKeyId = '', ROOT_SECRET_KEY: secretAccessKey = '' } = parseVariables(text);
  return { accessKeyId, secretAccessKey };
};

/** Whoever comes second takes what the first one made: linking a finished file is all or nothing. */
export const ensureS3Credentials = async (file: string): Promise<void> => {
  if (await readS3Credentials(file)) return;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.${process.pid}.tmp`;
  const accessKey = `ucoder${randomBytes(7).toString('hex')}`;
  const secretKey = randomBytes(24).toString('base64url');
  await writeFile(beside, `ROOT_ACCESS_KEY=${accessKey}\nROOT_SECRET_KEY=${secretKey}\n`, { mode: 0o600 });
  try {
    await link(beside, file);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  } finally {
    await rm(beside, { force: true });
  }
};
