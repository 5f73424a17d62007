/** Groups of objects as rows of a Markdown table: object, property, desired, live. */

import type { ReportedValue } from '../model/documents.js';
import { isJsonArray, type Json } from '../model/json.js';
import { escapeTerminal } from './escape.js';
import { type Entry, type EntryLinks, type Group, isOneSided } from './groups.js';
import { LONG, limited, SHOWN, SHOWN_BY_HAND, TARGETS_WITH_IDS, VALUES } from './limits.js';
import { cell, tableRow } from './markdown.js';
import { labelOf } from './name-lines.js';
import { linkCounts } from './review.js';
import { type TextPart, textDifference } from './text-difference.js';
import { isEmpty, isSetDifference, type Names, showValue } from './values.js';
import { counted, shownOf, thousands } from './words.js';

const BREAK = '<br>';

/** What the ids are called, and where everything is that is not shown: `in the plan file`. */
export interface Page {
  readonly names: Names;
  readonly elsewhere: string;
}

/** Property, desired, live. */
type Cells = readonly [string, string, string];

/** The rows of one group; where each object has its own values, the first objects stand for all. */
export function groupRows(group: Group, verbs: boolean, scene: Page): string {
  const verb = verbs && group.action !== 'links' ? `${group.action} ` : '';
  const [first] = group.entries;
  if (first === undefined) return '';
  if (group.kind === 'varied') return variedRows(group, first, verb, scene);
  if (group.kind === 'listed') return tableRow([verb + listCell(group, scene), '', '', '']);
  const who = group.entries.length === 1 ? objectCell(first) : membersCell(group, scene);
  return rowsOf(verb + who, contentOf(first, scene));
}

function variedRows(group: Group, first: Entry, verb: string, scene: Page): string {
  const total = first.links.length > 0 ? ` (${linkCounts(group.entries)})` : '';
  const count = `${verb}**${counted(group.entries.length, typeWord(group.type))}**, different for each${total}:`;
  const shown = group.entries.slice(0, shownOf(group.entries.length, mostOf(group)));
  const samples = shown.map((entry) => rowsOf(objectCell(entry), contentOf(entry, scene)));
  const rest = group.entries.length - shown.length;
  const more = rest > 0 ? tableRow([`and ${thousands(rest)} more (${scene.elsewhere})`, '', '', '']) : '';
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

/** So many objects of a group are told with their ids. */
function mostOf(group: Group): number {
  return group.action === 'blocked' ? SHOWN_BY_HAND : SHOWN;
}

/** Of many objects that all change in one way, some names. */
function membersCell(group: Group, scene: Page): string {
  const { length } = group.entries;
  if (shownOf(length, SHOWN) === length || group.action === 'blocked') return listCell(group, scene);
  const shown = group.entries.slice(0, SHOWN).map((entry) => cell(labelOf(entry)));
  const count = `**${counted(length, typeWord(group.type))}**`;
  return `${count}${BREAK}${shown.join(', ')}${moreOf(length - shown.length, scene)}`;
}

/** Objects with their ids: what is brought back or deleted, nobody should have to guess. */
function listCell(group: Group, scene: Page): string {
  const { length } = group.entries;
  const listed = group.entries.slice(0, shownOf(length, mostOf(group)));
  const shown = listed.map((entry) => `${cell(labelOf(entry))} ${cell(entry.object)}`);
  const rest = length - shown.length;
  const more = rest > 0 ? `${BREAK}and ${thousands(rest)} more (${scene.elsewhere})` : '';
  return `**${counted(length, typeWord(group.type))}**${BREAK}${shown.join(BREAK)}${more}`;
}

function moreOf(rest: number, scene: Page): string {
  return rest > 0 ? `, and ${thousands(rest)} more (${scene.elsewhere})` : '';
}

function contentOf(entry: Entry, scene: Page): Cells[] {
  const told = entry.action === 'restore' ? entry.values.filter((value) => !isEmpty(value.desired)) : entry.values;
  const rows = told.slice(0, shownOf(told.length, VALUES)).map((value) => valueCells(entry, value, scene));
  if (told.length > rows.length)
    rows.push([`and ${counted(told.length - rows.length, 'more value')} (${scene.elsewhere})`, '', '']);
  return [...rows, ...entry.links.map((links) => linkCells(links, scene))];
}

function valueCells(entry: Entry, value: ReportedValue, scene: Page): Cells {
  const path = cell(value.path);
  if (isSetDifference(value)) {
    return [path, itemsCell('+ ', value.add ?? [], scene), itemsCell('− ', value.remove ?? [], scene)];
  }
  if (value.desired === undefined && value.live === undefined) return [path, '', ''];
  if (isOneSided(entry)) return [path, valueCell(value.desired, scene), ''];
  const texts = textDifference(showValue(value.desired, scene.names), showValue(value.live, scene.names), LONG);
  return [path, textCell(joined(texts.desired), scene), textCell(joined(texts.live), scene)];
}

function itemsCell(sign: string, items: readonly Json[], scene: Page): string {
  const told = items.slice(0, shownOf(items.length, SHOWN));
  const shown = told.map((item) => `${sign}${textCell(showValue(item, scene.names), scene)}`);
  return shown.join(BREAK) + moreOf(items.length - shown.length, scene);
}

/** A value of an object that comes back: of a list, every item on a line of its own. */
function valueCell(value: Json | undefined, scene: Page): string {
  if (isJsonArray(value) && value.length > 0) return itemsCell('', value, scene);
  return textCell(showValue(value, scene.names), scene);
}

function textCell(text: string, scene: Page): string {
  return cell(limited(escapeTerminal(text), scene.elsewhere), LONG * 3);
}

function linkCells(links: EntryLinks, scene: Page): Cells {
  const conditional = links.conditional ?? 0;
  const note = conditional > 0 ? `${BREAK}${thousands(conditional)} of them only if not back already` : '';
  const { lost = [] } = links;
  if (lost.length > 0) return [cell(links.link), targetsCell('cannot be linked, ', lost, scene), ''];
  return [cell(links.link), targetsCell('+ ', links.add, scene) + note, targetsCell('− ', links.remove, scene)];
}

function targetsCell(sign: string, targets: readonly string[], scene: Page): string {
  if (targets.length === 0) return '';
  const withIds = targets.length <= TARGETS_WITH_IDS;
  const shown = targets.slice(0, shownOf(targets.length, SHOWN)).map((id) => {
    const name = scene.names(id);
    if (name === undefined) return cell(id);
    return withIds ? `${cell(name)} ${cell(id)}` : cell(name);
  });
  const all = shown.join(withIds ? BREAK : ', ');
  return `${sign}${thousands(targets.length)}: ${all}${moreOf(targets.length - shown.length, scene)}`;
}

function joined(parts: readonly TextPart[]): string {
  return parts.map((part) => part.text).join('');
}
