/** Lists of objects as lines of a terminal: a few with their ids, of many the first names. */

import { idOf, type ObjectKey } from '../model/object.js';
import { escapeTerminal } from './escape.js';
import { SHOWN } from './limits.js';
import { cut, exact, type Line, span, whole, wrap } from './lines.js';
import type { Names } from './values.js';
import { padEnd, stringWidth, truncate } from './width.js';
import { shownOf, thousands } from './words.js';

export interface Scene {
  readonly width: number;
  readonly names: Names;
  /** Where everything is that is not shown. */
  readonly elsewhere: string;
}

export interface Named {
  readonly object: ObjectKey;
  readonly label: string;
}

/** The name of an object, or its id if it has none. */
export function labelOf(named: Named): string {
  return named.label.trim() === '' ? idOf(named.object) : named.label;
}

/** So many names of a list are looked at: more do not fit in two lines of any terminal. */
const AT_MOST = 200;
/** A name in a row of names of a long list is cut here. */
export const NAME_COLUMNS = 32;

/**
 * `Ada Lovelace · Grace Hopper`: all names of a short list; of a long one two lines, then how many are left and where they
 * are.
 */
export function nameLines(names: readonly string[], indent: number, scene: Scene): Line[] {
  const isShort = shownOf(names.length, SHOWN) === names.length;
  const room = Math.max(20, scene.width - indent);
  const most = isShort ? Number.POSITIVE_INFINITY : Math.min(NAME_COLUMNS, room - 12);
  const rows: string[][] = [];
  let shown = 0;
  for (const name of names.slice(0, AT_MOST)) {
    const text = truncate(escapeTerminal(name), most);
    const row = rows.at(-1);
    if (row !== undefined && stringWidth([...row, text].join(BETWEEN)) + 2 <= room) row.push(text);
    else if (!isShort && rows.length === 2) break;
    else rows.push([text]);
    shown++;
  }
  const lines = rows.map((row, index) => {
    const text = row.join(BETWEEN) + (index < rows.length - 1 ? ' ·' : '');
    return stringWidth(text) > room ? wrap(indent, exact(text)) : cut(indent, text);
  });
  return [...lines, ...moreLines(names.length - shown, indent, scene)];
}

const BETWEEN = ' · ';

/** One object a line, the names in a column; both whole: ids, because people copy them, names, because cut ones mislead. */
export function idLines(members: readonly Named[], indent: number, atMost: number, scene: Scene): Line[] {
  const shown = members.slice(0, shownOf(members.length, atMost));
  const labels = shown.map((member) => escapeTerminal(labelOf(member)));
  const column = Math.max(...labels.map(stringWidth), 0);
  const lines = shown.flatMap((member, index) => {
    const label = labels[index] ?? '';
    const room = Math.min(column, scene.width - indent - 2 - stringWidth(escapeTerminal(member.object)));
    const id = span(member.object, 'dim');
    if (room < Math.min(column, 16)) return [wrap(indent, exact(label)), whole(indent + 2, id)];
    if (stringWidth(label) > room) return [wrap(indent, exact(label)), whole(indent + room + 2, id)];
    return [whole(indent, padEnd(label, room), '  ', id)];
  });
  return [...lines, ...moreLines(members.length - shown.length, indent, scene)];
}

export function moreLines(count: number, indent: number, scene: Scene): Line[] {
  return count > 0 ? [wrap(indent, span(`and ${thousands(count)} more (${scene.elsewhere})`, 'dim'))] : [];
}
