/** Files that a person names on the command line. */

import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { reasonOf } from '../model/file-errors.js';
import { Failure } from '../model/problem.js';

export async function readText(file: string, what: string): Promise<string> {
  return (await readBytes(file, what)).toString('utf8');
}

export async function readBytes(file: string, what: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new Failure({
      code: 'KG150',
      message: `The ${what} cannot be read: ${reasonOf(error)}.`,
      where: file,
      remedy: 'Check the path, and that you may read the file.',
      cause: error,
    });
  }
}

/** The file is the old one or the new one, never half of it: a reader, or a crash, sees nothing in between. */
export async function writeAtomically(file: string, text: string, what: string): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw unwritable(file, what, error);
  }
}

export function unwritable(file: string, what: string, cause: unknown): Failure {
  return new Failure({
    code: 'KG151',
    message: `The ${what} cannot be written: ${reasonOf(cause)}.`,
    where: file,
    remedy: 'Check that the folder exists, that you may write there, and that there is room.',
    cause,
  });
}
