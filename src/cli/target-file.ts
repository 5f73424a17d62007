/** Lists of objects in a file: one on each line. */

import { text } from 'node:stream/consumers';
import type { AskedText } from '../asked.js';
import { Failure } from '../model/problem.js';
import { readText } from './files.js';

/** The objects that a file names, or standard input where it is `-`. Throws a Failure: KG127 where it names none, KG150. */
export async function readTargetFile(file: string): Promise<AskedText[]> {
  const content = file === '-' ? await text(process.stdin) : await readText(file, 'list of objects');
  const where = file === '-' ? 'stdin' : file;
  const targets = targetsIn(content, where);
  if (targets.length > 0) return targets;
  // Nothing asked for would mean everything.
  throw new Failure({
    code: 'KG127',
    message: 'The list names no object.',
    where,
    remedy: 'Write one TYPE/ID or TYPE/NAME on each line; lines that begin with # are comments.',
  });
}

/** Lines without those that are empty or comments. A `#` further on belongs to a name. */
export function targetsIn(content: string, where: string): AskedText[] {
  return content
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .map((line, index) => ({ text: line.trim(), where: `${where}:${index + 1}` }))
    .filter((target) => target.text !== '' && !target.text.startsWith('#'));
}
