/** Lists of objects as lines of a terminal: a few with their ids, of many the first names. */

import { idOf, type ObjectKey } from '../model/object.js';
import { escapeTerminal } from './escape.js';
import { cut, type Line, span, whole } from './lines.js';
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
/** A name in a row of names is cut here. */
export const NAME_COLUMNS = 32;

/** `Ada Lovelace · Grace Hopper · and 4,776 more`: two lines at most. `total` counts names that are not passed, too. */
export function nameLines(names: readonly string[], indent: number, width: number, total = names.length): Line[] {
  const room = Math.max(20, width - indent);
  const rows: string[] = [];
  let row = '';
  let shown = 0;
  for (const name of names.slice(0, AT_MOST)) {
    const text = truncate(escapeTerminal(name), Math.min(NAME_COLUMNS, room - 12));
    const left = total - shown - 1;
    const joined = row === '' ? text : `${row} · ${text}`;
    const tail = left === 0 ? 0 : rows.length === 1 ? moreText(left).length : 2;
    if (stringWidth(joined) + tail <= room || row === '') row = joined;
    else if (rows.length === 1) break;
    else {
      rows.push(`${row} ·`);
      row = text;
    }
    shown++;
  }
  const left = total - shown;
  const more = left > 0 ? [span(moreText(left), 'dim')] : [];
  return [...rows.map((text) => cut(indent, text)), cut(indent, row, ...more)];
}

function moreText(left: number): string {
  return ` · and ${thousands(left)} more`;
}

/** One object a line, the names in a column, the ids whole, because people copy them. */
export function idLines(members: readonly Named[], indent: number, atMost: number, scene: Scene): Line[] {
  const shown = members.slice(0, shownOf(members.length, atMost));
  const labels = shown.map((member) => escapeTerminal(labelOf(member)));
  const column = Math.max(...labels.map(stringWidth), 0);
  const lines = shown.flatMap((member, index) => {
    const label = labels[index] ?? '';
    const room = Math.min(column, scene.width - indent - 2 - stringWidth(escapeTerminal(member.object)));
    if (room < Math.min(column, 16)) return [cut(indent, label), whole(indent + 2, span(member.object, 'dim'))];
    return [whole(indent, padEnd(truncate(label, room), room), '  ', span(member.object, 'dim'))];
  });
  return [...lines, ...moreLines(members.length - shown.length, indent, scene)];
}

export function moreLines(count: number, indent: number, scene: Scene): Line[] {
  return count > 0 ? [cut(indent, span(`and ${thousands(count)} more (${scene.elsewhere})`, 'dim'))] : [];
}
