/** Groups of objects as lines of a terminal. */

import type { ReportedValue } from '../model/documents.js';
import { escapeTerminal } from './escape.js';
import type { Entry, Group } from './groups.js';
import { cut, type Line, type Span, span, type Tone, together, whole, wrap } from './lines.js';
import { idLines, labelOf, moreLines, nameLines, type Scene } from './name-lines.js';
import { linkCounts } from './review.js';
import { areSwapped, contentLines, valueSpans, valuesLines } from './value-lines.js';
import { isEmpty, isSetDifference } from './values.js';
import { padEnd, stringWidth, truncate } from './width.js';
import { counted, shownOf, thousands } from './words.js';

const HEADING = 2;
const BODY = 6;
/** A group of so many objects shows their ids; a larger one names only. */
const WITH_IDS = 5;
/** So many objects of a list show their ids. */
const LISTED = 10;
const SAMPLES = 5;
/** So many values of an object that comes back are shown. */
const RESTORED_VALUES = 12;

const TONES: Readonly<Record<Entry['action'], Tone>> = {
  restore: 'add',
  update: 'change',
  'soft-delete': 'remove',
  links: 'change',
  blocked: 'plain',
};

export function groupLines(group: Group, verbs: boolean, scene: Scene): Line[] {
  const verb = verbs && group.action !== 'links' ? [together(`${group.action}  `, TONES[group.action])] : [];
  const [first] = group.entries;
  if (first === undefined) return [];
  if (group.kind === 'varied') return variedLines(group, first, verb, scene);
  if (group.entries.length === 1) return singleLines(first, verb, HEADING, scene);
  return group.kind === 'same' ? sameLines(group, first, verb, scene) : listedLines(group, verb, scene);
}

function singleLines(entry: Entry, verb: readonly Span[], indent: number, scene: Scene): Line[] {
  const content =
    entry.action === 'restore' ? restoredLines(entry, indent + 4, scene) : contentLines(entry, indent + 4, scene);
  return [...titleLines(entry, verb, indent, scene.width), ...content];
}

/** The object's name and key on one line, or on two: a key is never cut, because people copy it. */
function titleLines(entry: Entry, verb: readonly Span[], indent: number, width: number): Line[] {
  const label = escapeTerminal(labelOf(entry));
  const lead = verb.reduce((sum, item) => sum + stringWidth(item.text), indent);
  const room = width - lead - 2 - stringWidth(escapeTerminal(entry.object));
  if (room >= stringWidth(label)) {
    return [whole(indent, ...verb, span(label, 'strong'), '  ', span(entry.object, 'dim'))];
  }
  return [cut(indent, ...verb, span(label, 'strong')), whole(indent + 4, span(entry.object, 'dim'))];
}

/** What was there at the backup is looked at when the object is back; only what differs then is written. */
function restoredLines(entry: Entry, indent: number, scene: Scene): Line[] {
  const told = entry.values.filter((value) => !isEmpty(value.desired));
  const shown = told.slice(0, shownOf(told.length, RESTORED_VALUES));
  const lines = valuesLines(entry, shown, indent, scene);
  const empty = entry.values.length - told.length;
  const rest = [
    ...(told.length > shown.length ? [counted(told.length - shown.length, 'more value')] : []),
    ...(empty > 0 ? [counted(empty, 'empty value')] : []),
    ...entry.links
      .filter((links) => links.add.length > 0)
      .map((links) => `${thousands(links.add.length)} ${links.link}`),
  ];
  if (rest.length > 0) lines.push(wrap(indent, span(`${lines.length > 0 ? 'and ' : ''}${rest.join(', ')}`, 'dim')));
  return lines;
}

/** The one value of an entry that can stand on the line of its group. */
function onlyValue(entry: Entry): ReportedValue | undefined {
  const [value] = entry.values;
  if (entry.values.length !== 1 || entry.links.length > 0 || value === undefined) return undefined;
  return isSetDifference(value) ? undefined : value;
}

/** `4,800 users: accountEnabled true ← false`, then some names. */
function sameLines(group: Group, first: Entry, verb: readonly Span[], scene: Scene): Line[] {
  const count = span(counted(group.entries.length, group.type), 'strong');
  const members = memberLines(group.entries, WITH_IDS, scene);
  const value = onlyValue(first);
  if (value !== undefined) {
    const shown = valueSpans(first, value, scene.names);
    const line = cut(HEADING, ...verb, count, `: ${value.path} `, ...shown);
    const width = line.spans.reduce((sum, item) => sum + stringWidth(escapeTerminal(item.text)), HEADING);
    if (width <= scene.width && !areSwapped(shown)) return [line, ...members];
  }
  const content = contentLines(first, BODY, scene);
  return [cut(HEADING, ...verb, count, content.length > 0 ? ', each:' : ''), ...content, ...members];
}

function listedLines(group: Group, verb: readonly Span[], scene: Scene): Line[] {
  const count = span(counted(group.entries.length, group.type), 'strong');
  return [cut(HEADING, ...verb, count), ...idLines(group.entries, BODY, LISTED, scene)];
}

/** A few objects with their ids, or the names of as many as fit in two lines. */
function memberLines(entries: readonly Entry[], withIds: number, scene: Scene): Line[] {
  if (entries.length <= withIds) return idLines(entries, BODY, withIds, scene);
  return nameLines(entries.slice(0, 200).map(labelOf), BODY, scene.width, entries.length);
}

/** The same properties and links, other values: how many, then the first of them. */
function variedLines(group: Group, first: Entry, verb: readonly Span[], scene: Scene): Line[] {
  const what = [...first.values.map((value) => value.path), ...first.links.map((links) => links.link)].join(', ');
  const count = span(counted(group.entries.length, group.type), 'strong');
  const total = first.links.length > 0 ? ` (${linkCounts(group.entries)})` : '';
  const samples = group.entries.slice(0, shownOf(group.entries.length, SAMPLES));
  const compact = samples.every((entry) => {
    const value = onlyValue(entry);
    return value !== undefined && !areSwapped(valueSpans(entry, value, scene.names));
  });
  return [
    wrap(HEADING, ...verb, count, `: ${what === '' ? 'nothing' : what}, different for each${total}`),
    ...(compact ? sampleLines(samples, scene) : samples.flatMap((entry) => singleLines(entry, [], BODY, scene))),
    ...moreLines(group.entries.length - samples.length, BODY, scene),
  ];
}

function sampleLines(samples: readonly Entry[], scene: Scene): Line[] {
  const room = Math.floor(scene.width / 3);
  const labels = samples.map((sample) => truncate(escapeTerminal(labelOf(sample)), room));
  const column = Math.max(0, ...labels.map(stringWidth));
  return samples.map((sample, index) => {
    const value = sample.values[0] as ReportedValue;
    return cut(BODY, padEnd(labels[index] ?? '', column), '  ', ...valueSpans(sample, value, scene.names));
  });
}
