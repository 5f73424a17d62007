/** Lists of objects in a file: one on each line. */

import { buffer } from 'node:stream/consumers';
import type { AskedText } from '../asked.js';
import { Failure } from '../model/problem.js';
import { readBytes } from './files.js';

/** The objects that a file names, or standard input where it is `-`. Throws a Failure: KG127 where it names none, KG150. */
export async function readTargetFile(file: string): Promise<AskedText[]> {
  const content = file === '-' ? await buffer(process.stdin) : await readBytes(file, 'list of objects');
  const where = file === '-' ? 'stdin' : file;
  const targets = targetsIn(decoded(content), where);
  if (targets.length > 0) return targets;
  // Nothing asked for would mean everything.
  throw new Failure({
    code: 'KG127',
    message: 'The list names no object.',
    where,
    remedy: 'Write one TYPE/ID or TYPE/NAME on each line; lines that begin with # are comments.',
  });
}

/** Windows PowerShell writes UTF-16 where nothing else is asked for; its byte order mark tells. */
function decoded(content: Buffer): string {
  const [first, second] = content;
  const isWide = first === 0xff && second === 0xfe;
  return new TextDecoder(isWide ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8').decode(
    content,
  );
}

/** Lines without those that are empty or comments. A `#` further on belongs to a name. */
export function targetsIn(content: string, where: string): AskedText[] {
  return content
    .split(/\r?\n/)
    .map((line, index) => ({ text: line.trim(), where: `${where}:${index + 1}` }))
    .filter((target) => target.text !== '' && !target.text.startsWith('#'));
}
