/** Groups of objects as rows of a Markdown table: object, property, desired, live. */

import type { ReportedValue } from '../model/documents.js';
import type { Json } from '../model/json.js';
import { type Entry, type EntryLinks, type Group, isOneSided } from './groups.js';
import { cell, tableRow } from './markdown.js';
import { labelOf } from './name-lines.js';
import { linkCounts } from './review.js';
import { type TextPart, textDifference } from './text-difference.js';
import { isEmpty, isSetDifference, type Names, showValue } from './values.js';
import { counted, shownOf, thousands } from './words.js';

/** So many names, items and values of one group are told. */
const NAMES = 10;
const ITEMS = 10;
const VALUES = 12;
const SAMPLES = 5;
const COLUMNS = 100;
const BREAK = '<br>';

/** Property, desired, live. */
type Cells = readonly [string, string, string];

/** The rows of one group; where each object has its own values, the first objects stand for all. */
export function groupRows(group: Group, verbs: boolean, names: Names): string {
  const verb = verbs && group.action !== 'links' ? `${group.action} ` : '';
  const [first] = group.entries;
  if (first === undefined) return '';
  if (group.kind === 'varied') return variedRows(group, first, verb, names);
  if (group.kind === 'listed') return tableRow([verb + listCell(group), '', '', '']);
  const who = group.entries.length === 1 ? objectCell(first) : membersCell(group);
  return rowsOf(verb + who, contentOf(first, names));
}

function variedRows(group: Group, first: Entry, verb: string, names: Names): string {
  const total = first.links.length > 0 ? ` (${linkCounts(group.entries)})` : '';
  const count = `${verb}**${counted(group.entries.length, typeWord(group.type))}**, different for each${total}:`;
  const shown = group.entries.slice(0, shownOf(group.entries.length, SAMPLES));
  const samples = shown.map((entry) => rowsOf(objectCell(entry), contentOf(entry, names)));
  const rest = group.entries.length - shown.length;
  const more = rest > 0 ? tableRow([`and ${thousands(rest)} more`, '', '', '']) : '';
  return tableRow([count, '', '', '']) + samples.join('') + more;
}

function rowsOf(who: string, content: readonly Cells[]): string {
  const rows: readonly Cells[] = content.length > 0 ? content : [['', '', '']];
  return rows.map((cells, index) => tableRow([index === 0 ? who : '', ...cells])).join('');
}

/** A type is a word; should it be anything else, it is not told. */
export function typeWord(type: string): string {
  return /^[A-Za-z0-9]+$/.test(type) ? type : 'object';
}

function objectCell(entry: Entry): string {
  return `${cell(labelOf(entry))}${BREAK}${cell(entry.object)}`;
}

function membersCell(group: Group): string {
  const { length } = group.entries;
  const shown = group.entries.slice(0, shownOf(length, NAMES)).map((entry) => cell(labelOf(entry)));
  const count = `**${counted(group.entries.length, typeWord(group.type))}**`;
  return `${count}${BREAK}${shown.join(', ')}${moreOf(length - shown.length)}`;
}

/** Objects with their ids: what is brought back or deleted, nobody should have to guess. */
function listCell(group: Group): string {
  const { length } = group.entries;
  const listed = group.entries.slice(0, shownOf(length, NAMES));
  const shown = listed.map((entry) => `${cell(labelOf(entry))} ${cell(entry.object)}`);
  const rest = length - shown.length;
  const more = rest > 0 ? `${BREAK}and ${thousands(rest)} more` : '';
  return `**${counted(group.entries.length, typeWord(group.type))}**${BREAK}${shown.join(BREAK)}${more}`;
}

function moreOf(rest: number): string {
  return rest > 0 ? `, and ${thousands(rest)} more` : '';
}

function contentOf(entry: Entry, names: Names): Cells[] {
  const told = entry.action === 'restore' ? entry.values.filter((value) => !isEmpty(value.desired)) : entry.values;
  const rows = told.slice(0, shownOf(told.length, VALUES)).map((value) => valueCells(entry, value, names));
  if (told.length > rows.length) rows.push([`and ${counted(told.length - rows.length, 'more value')}`, '', '']);
  return [...rows, ...entry.links.map((links) => linkCells(links, names))];
}

function valueCells(entry: Entry, value: ReportedValue, names: Names): Cells {
  const path = cell(value.path);
  if (isSetDifference(value)) {
    return [path, itemsCell('+', value.add ?? [], names), itemsCell('−', value.remove ?? [], names)];
  }
  if (value.desired === undefined && value.live === undefined) return [path, '', ''];
  if (isOneSided(entry)) return [path, cell(showValue(value.desired, names)), ''];
  const texts = textDifference(showValue(value.desired, names), showValue(value.live, names), COLUMNS);
  const [desired, live] = [joined(texts.desired), joined(texts.live)];
  return [path, cell(desired), cell(live)];
}

function itemsCell(sign: string, items: readonly Json[], names: Names): string {
  const told = items.slice(0, shownOf(items.length, ITEMS));
  const shown = told.map((item) => `${sign} ${cell(showValue(item, names))}`);
  return shown.join(BREAK) + moreOf(items.length - shown.length);
}

function linkCells(links: EntryLinks, names: Names): Cells {
  const conditional = links.conditional ?? 0;
  const note = conditional > 0 ? `${BREAK}${thousands(conditional)} of them only if not back already` : '';
  return [cell(links.link), targetsCell('+', links.add, names) + note, targetsCell('−', links.remove, names)];
}

function targetsCell(sign: string, targets: readonly string[], names: Names): string {
  if (targets.length === 0) return '';
  const shown = targets.slice(0, shownOf(targets.length, NAMES)).map((id) => cell(names(id) ?? id));
  return `${sign} ${thousands(targets.length)}: ${shown.join(', ')}${moreOf(targets.length - shown.length)}`;
}

function joined(parts: readonly TextPart[]): string {
  return parts.map((part) => part.text).join('');
}
