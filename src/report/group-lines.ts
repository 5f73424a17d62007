/** Groups of objects as lines of a terminal. */

import type { ReportedValue } from '../model/documents.js';
import { escapeTerminal } from './escape.js';
import type { Entry, Group } from './groups.js';
import { SHOWN, SHOWN_BY_HAND, VALUES } from './limits.js';
import { cut, exact, type Line, type Span, span, type Tone, together, whole, wrap } from './lines.js';
import { idLines, labelOf, moreLines, nameLines, type Scene } from './name-lines.js';
import { linkCounts } from './review.js';
import { areSwapped, contentLines, valueSpans, valuesLines } from './value-lines.js';
import { isEmpty, isSetDifference } from './values.js';
import { padEnd, stringWidth } from './width.js';
import { counted, shownOf, thousands } from './words.js';

const HEADING = 2;
const BODY = 6;

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
  return [wrap(indent, ...verb, exact(label, 'strong')), whole(indent + 4, span(entry.object, 'dim'))];
}

/** What was there at the backup is looked at when the object is back; only what differs then is written. */
function restoredLines(entry: Entry, indent: number, scene: Scene): Line[] {
  const told = entry.values.filter((value) => !isEmpty(value.desired));
  const shown = told.slice(0, shownOf(told.length, VALUES));
  const lines = valuesLines(entry, shown, indent, scene);
  const empty = entry.values.length - told.length;
  const rest = [
    ...(told.length > shown.length
      ? [`${counted(told.length - shown.length, 'more value')} (${scene.elsewhere})`]
      : []),
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
  const members = memberLines(group.entries, scene);
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
  return [cut(HEADING, ...verb, count), ...idLines(group.entries, BODY, SHOWN, scene)];
}

/** The objects with their ids; of many, which all change in one way, some names. What is left to a person has its ids. */
function memberLines(entries: readonly Entry[], scene: Scene): Line[] {
  if (entries[0]?.action === 'blocked') return idLines(entries, BODY, SHOWN_BY_HAND, scene);
  if (shownOf(entries.length, SHOWN) === entries.length) return idLines(entries, BODY, SHOWN, scene);
  return nameLines(entries.map(labelOf), BODY, scene);
}

/** The same properties and links, other values: how many, then the first of them. */
function variedLines(group: Group, first: Entry, verb: readonly Span[], scene: Scene): Line[] {
  const what = [...first.values.map((value) => value.path), ...first.links.map((links) => links.link)].join(', ');
  const count = span(counted(group.entries.length, group.type), 'strong');
  const total = first.links.length > 0 ? ` (${linkCounts(group.entries)})` : '';
  const most = group.action === 'blocked' ? SHOWN_BY_HAND : SHOWN;
  const samples = group.entries.slice(0, shownOf(group.entries.length, most));
  return [
    wrap(HEADING, ...verb, count, `: ${what === '' ? 'nothing' : what}, different for each${total}`),
    ...(sampleLines(samples, scene) ?? samples.flatMap((entry) => singleLines(entry, [], BODY, scene))),
    ...moreLines(group.entries.length - samples.length, BODY, scene),
  ];
}

/** An object a line, where each has a single value, and nothing of that would have to be cut. */
function sampleLines(samples: readonly Entry[], scene: Scene): Line[] | undefined {
  const labels = samples.map((sample) => escapeTerminal(labelOf(sample)));
  const column = Math.max(0, ...labels.map(stringWidth));
  const lines: Line[] = [];
  for (const [index, sample] of samples.entries()) {
    const value = onlyValue(sample);
    const spans = value === undefined ? [] : valueSpans(sample, value, scene.names);
    const width = spans.reduce((sum, item) => sum + stringWidth(escapeTerminal(item.text)), BODY + column + 2);
    if (value === undefined || areSwapped(spans) || width > scene.width) return undefined;
    lines.push(cut(BODY, padEnd(labels[index] ?? '', column), '  ', ...spans));
  }
  return lines;
}
