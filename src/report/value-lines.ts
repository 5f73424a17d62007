/** Values, sets and links of one object as lines of a terminal. */

import type { ReportedValue } from '../model/documents.js';
import { isJsonArray, type Json } from '../model/json.js';
import { escapeTerminal } from './escape.js';
import { type Entry, type EntryLinks, isOneSided } from './groups.js';
import { LONG, limited, SHOWN, TARGETS_WITH_IDS } from './limits.js';
import { cut, exact, type Line, type Span, span, type Tone, together, whole, wrap } from './lines.js';
import { moreLines, NAME_COLUMNS, nameLines, type Scene } from './name-lines.js';
import { type TextPart, textDifference } from './text-difference.js';
import { isSetDifference, type Names, showValue } from './values.js';
import { padEnd, readsRightToLeft, stringWidth } from './width.js';
import { counted, shownOf, thousands } from './words.js';

/** Two values that are both longer are compared one below the other. */
const SIDE_BY_SIDE = 40;
/** Paths up to here are padded to one column. */
const PATH_COLUMNS = 32;

/** Everything that differs of an object. */
export function contentLines(entry: Entry, indent: number, scene: Scene): Line[] {
  return [
    ...valuesLines(entry, entry.values, indent, scene),
    ...entry.links.flatMap((links) => linksLines(links, indent, scene)),
  ];
}

export function valuesLines(entry: Entry, values: readonly ReportedValue[], indent: number, scene: Scene): Line[] {
  const widths = values.filter((value) => !isSetDifference(value)).map((value) => stringWidth(value.path));
  const column = Math.max(0, ...widths.filter((width) => width <= PATH_COLUMNS));
  return values.flatMap((value) => {
    if (isSetDifference(value)) return setLines(value, indent, scene);
    return plainLines(entry, value, indent, column, scene);
  });
}

/** `true ← false`; nothing but the desired value where the live one says nothing. */
export function valueSpans(entry: Entry, value: ReportedValue, names: Names): Span[] {
  if (value.desired === undefined && value.live === undefined) return [];
  const desired = span(showValue(value.desired, names), 'add');
  if (isOneSided(entry)) return [desired];
  return [desired, span(' ← ', 'dim'), span(showValue(value.live, names), 'remove')];
}

/** Text that is read from right to left would swap the two sides of an arrow: they need a line each. */
export function areSwapped(spans: readonly Span[]): boolean {
  return spans.length > 1 && spans.some((item) => readsRightToLeft(item.text));
}

/** One line where that fits and can be read. */
function plainLines(entry: Entry, value: ReportedValue, indent: number, column: number, scene: Scene): Line[] {
  const spans = valueSpans(entry, value, scene.names).map((item) => ({ ...item, text: escapeTerminal(item.text) }));
  const path = padEnd(escapeTerminal(value.path), column);
  const width = spans.reduce((sum, item) => sum + stringWidth(item.text), indent + stringWidth(path) + 2);
  const comparable = spans.length < 2 || spans.some((item, at) => at !== 1 && stringWidth(item.text) <= SIDE_BY_SIDE);
  if (width <= scene.width && comparable && !areSwapped(spans)) return [cut(indent, path, '  ', ...spans)];
  if (spans.length < 2) return [cut(indent, path.trimEnd()), ...longLines(value.desired, indent + 2, scene)];
  const texts = textDifference(spans[0]?.text ?? '', spans[2]?.text ?? '', LONG);
  const parts = (of: readonly TextPart[], tone: 'add' | 'remove') =>
    of.map((part) => exact(limited(part.text, scene.elsewhere), part.same ? 'plain' : tone));
  return [
    cut(indent, path.trimEnd()),
    wrap(indent + 2, together('desired  ', 'dim'), ...parts(texts.desired, 'add')),
    wrap(indent + 2, together('live     ', 'dim'), ...parts(texts.live, 'remove')),
  ];
}

/** A value that needs lines of its own: a list has one for each item. */
function longLines(value: Json | undefined, indent: number, scene: Scene): Line[] {
  const items: readonly Json[] = isJsonArray(value) ? value : [value ?? null];
  const shown = items.slice(0, shownOf(items.length, SHOWN));
  const texts = shown.map((item) => limited(showValue(item, scene.names), scene.elsewhere));
  return [
    ...texts.map((text) => wrap(indent, exact(text, 'add'))),
    ...moreLines(items.length - shown.length, indent, scene),
  ];
}

function setLines(value: ReportedValue, indent: number, scene: Scene): Line[] {
  const add = value.add ?? [];
  const remove = value.remove ?? [];
  const items = [...itemSpans('+ ', 'add', add, scene), ...itemSpans('− ', 'remove', remove, scene)];
  const [only] = items;
  if (items.length === 1 && only !== undefined) {
    const width = stringWidth(escapeTerminal(value.path)) + 2 + stringWidth(escapeTerminal(only.text));
    if (indent + width <= scene.width) return [cut(indent, value.path, '  ', only)];
  }
  return [
    cut(indent, value.path),
    ...items.map((item) => wrap(indent + 2, item)),
    ...moreLines(add.length + remove.length - items.length, indent + 2, scene),
  ];
}

function itemSpans(sign: string, tone: 'add' | 'remove', items: readonly Json[], scene: Scene): Span[] {
  const shown = items.slice(0, shownOf(items.length, SHOWN));
  return shown.map((item) => exact(`${sign}${limited(showValue(item, scene.names), scene.elsewhere)}`, tone));
}

/** `members  + 12  − 3`, then who. */
function linksLines(links: EntryLinks, indent: number, scene: Scene): Line[] {
  const add = links.add.length > 0 ? [span(`  + ${thousands(links.add.length)}`, 'add')] : [];
  const remove = links.remove.length > 0 ? [span(`  − ${thousands(links.remove.length)}`, 'remove')] : [];
  const { lost = [] } = links;
  const gone = lost.length > 0 ? [span(`  ${thousands(lost.length)} cannot be linked`, 'warning')] : [];
  const back = counted(links.conditional ?? 0, 'addition');
  const note = `${back} only if not back already: restored objects may bring their links with them`;
  return [
    cut(indent, links.link, ...add, ...remove, ...gone),
    ...targetLines('+ ', 'add', links.add, indent + 2, scene),
    ...targetLines('− ', 'remove', links.remove, indent + 2, scene),
    ...targetLines('', 'plain', lost, indent + 2, scene),
    ...(links.conditional === undefined ? [] : [wrap(indent + 2, span(note, 'dim'))]),
  ];
}

function targetLines(sign: string, tone: Tone, targets: readonly string[], indent: number, scene: Scene): Line[] {
  if (targets.length <= TARGETS_WITH_IDS) return targets.flatMap((id) => oneTargetLines(sign, tone, id, indent, scene));
  const names = targets.map((id) => scene.names(id) ?? id);
  const isShort = shownOf(names.length, SHOWN) === names.length;
  // Several long ones in a row are hard to tell apart: `Mail Sync Pro: Role.Read · Mail Sync Pro: Role.Write`.
  if (isShort && names.some((name) => stringWidth(escapeTerminal(name)) > NAME_COLUMNS))
    return names.map((name) => wrap(indent, span(sign, tone), exact(name)));
  const lines = nameLines(names, indent + sign.length, scene);
  return lines.map((line, index) => (index > 0 ? line : { ...line, indent, spans: [span(sign, tone), ...line.spans] }));
}

/** Name and id on one line, or on two where the id leaves the name no room: that of an edge holds several. */
function oneTargetLines(sign: string, tone: Tone, id: string, indent: number, scene: Scene): Line[] {
  const name = scene.names(id);
  if (name === undefined) return [whole(indent, span(sign, tone), span(id))];
  const text = escapeTerminal(name);
  const room = scene.width - indent - 4 - stringWidth(escapeTerminal(id));
  if (room < stringWidth(text))
    return [wrap(indent, span(sign, tone), exact(name)), whole(indent + 4, span(id, 'dim'))];
  return [whole(indent, span(sign, tone), text, '  ', span(id, 'dim'))];
}
