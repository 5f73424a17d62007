/** A backup in numbers, and one object of it, for people. */

import { isComplete } from '../model/coverage.js';
import { byCodeUnit } from '../model/object.js';
import type { ShownBackup, ShownObject } from '../model/shown.js';
import { type CsvCell, csvDocument, csvValue } from './csv.js';
import { escapeTerminal } from './escape.js';
import { stateSpans, type Tell } from './facts.js';
import { BLANK, cut, type Line, literal, paint, type Span, span, together, whole, wrap } from './lines.js';
import { cell, code, prose, sentence, tableHead, tableRow } from './markdown.js';
import { labelOf } from './name-lines.js';
import { gapLines, gapSpans, someOf } from './notices.js';
import type { RenderOptions } from './review.js';
import { tableLines } from './table.js';
import { between, capturedAt, counted, duration, minute, plural, shortCommit, thousands, timeAndAge } from './words.js';

/** A terminal is read now; Markdown at any time, so that it tells no age. */
function tellFor(options: RenderOptions): Tell {
  return (time) => (options.format === 'text' ? timeAndAge(time, options.now) : minute(time));
}

export function renderShownObject(shown: ShownObject, options: RenderOptions): string {
  const head = objectHead(shown, tellFor(options));
  // What is in a file of git was written by Graph, or by anybody.
  const lines = shown.content.replace(/\n$/, '').split('\n').map(escapeTerminal);
  if (options.format === 'text') {
    const comments = head.map((spans) => whole(0, span('# ', 'dim'), ...spans));
    return paint([...comments, ...lines.map((line) => whole(0, line)), ...nameComments(shown)], options);
  }
  const longest = Math.max(2, ...(shown.content.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const named = linksByName(shown).flatMap(({ link, items }) => items.map((item) => [link, item.name, item.id]));
  const rows = named.map((cells) => tableRow(cells.map((text) => cell(text)))).join('');
  const names = rows === '' ? '' : `\n${tableHead(['link', 'name', 'id'])}${rows}`;
  return `${head.map(prose).join(', ')}\n\n${fence}yaml\n${lines.join('\n')}\n${fence}\n${names}`;
}

function nameOf({ names }: ShownObject, id: string): string | undefined {
  return Object.hasOwn(names, id) ? names[id] : undefined;
}

/** Named ids of each link, then those in properties, by name. */
function linksByName(shown: ShownObject) {
  const { links, names } = shown;
  const linked = new Set(Object.values(links).flat());
  const others = Object.keys(names).filter((id) => !linked.has(id));
  return [...Object.entries(links), ['in properties', others] as const].flatMap(([link, ids]) => {
    const items = ids.flatMap((id) => {
      const name = nameOf(shown, id);
      return name === undefined ? [] : [{ id, name }];
    });
    return items.length === 0 ? [] : [{ link, items: items.sort((a, b) => byCodeUnit(a.name, b.name)) }];
  });
}

/** Comments, so that all that is printed is still the file. */
function nameComments(shown: ShownObject): Line[] {
  const groups = linksByName(shown);
  if (groups.length === 0) return [];
  const comment = (...spans: Span[]) => whole(0, span('# ', 'dim'), ...spans);
  return [
    comment(span('Links by name')),
    ...groups.flatMap(({ link, items }) => [
      comment(span(`  ${link}`)),
      ...items.map(({ id, name }) => comment(span(`    ${id}  `), literal(name))),
    ]),
  ];
}

/** `user/… Ada Lovelace`, then `in backup 3f2a9c1 (2026-11-18 14:00 UTC, 2 days ago)` */
function objectHead(shown: ShownObject, tell: Tell): Span[][] {
  const bin = shown.deleted === null ? [] : [span('; in the recycle bin since '), together(minute(shown.deleted))];
  const name =
    labelOf(shown) === shown.object.slice(shown.object.indexOf('/') + 1)
      ? []
      : [span(' '), literal(shown.label, 'strong')];
  return [
    [literal(shown.object), ...name],
    [span('in '), ...stateSpans(shown.state, tell), ...bin],
  ];
}

export function shownObjectCsv(shown: ShownObject): string {
  const row = (property: string, value: CsvCell): CsvCell[] => [
    shown.object,
    shown.label,
    property,
    value,
    nameOf(shown, String(value)) ?? '',
  ];
  return csvDocument(
    ['object', 'label', 'property', 'value', 'name'],
    [
      ...Object.entries(shown.properties).map(([name, value]) => row(name, csvValue(value))),
      ...Object.entries(shown.links).flatMap(([name, targets]) => targets.map((target) => row(name, target))),
    ],
  );
}

export function renderShownBackup(shown: ShownBackup, options: RenderOptions): string {
  return options.format === 'text' ? backupText(shown, options) : backupMarkdown(shown, options);
}

function backupHead(shown: ShownBackup, tell: Tell): Span[][] {
  const { state, captured } = shown;
  const took = between(captured.start, captured.end);
  const read = `Read ${tell(capturedAt(captured))}${took === undefined ? '' : `; it took ${duration(took)}`}`;
  const from = [
    span('It stems from backup '),
    literal(shortCommit(shown.backup)),
    span(', and was changed since by a person or a merge'),
  ];
  return [
    [span('Tenant '), literal(shown.tenant)],
    [span(read)],
    [span(`Written by knowngood ${shown.version}`)],
    ...(state.kind === 'backup' ? [] : [from]),
  ];
}

function title(shown: ShownBackup): string {
  const { kind, commit = '' } = shown.state;
  const words = `${kind === 'backup' ? 'Backup' : 'Commit'} ${shortCommit(commit)}`;
  return kind === 'backup' ? `${words}: ${shown.subject.replace(/^Snapshot: /, '')}` : words;
}

function sums(shown: ShownBackup): { readonly active: number; readonly deleted: number } {
  const sum = (of: 'active' | 'deleted') => Object.values(shown.objects).reduce((total, count) => total + count[of], 0);
  return { active: sum('active'), deleted: sum('deleted') };
}

const ELSEWHERE = '--json lists all';
const BIN = 'in recycle bin';

function backupText(shown: ShownBackup, options: RenderOptions): string {
  const { coverage } = shown;
  const total = sums(shown);
  const rows = Object.entries(shown.objects).map(([type, { active, deleted }]) => [
    plural(type),
    thousands(active),
    thousands(deleted),
  ]);
  const columns = [
    { header: 'type' },
    { header: 'active', align: 'right' as const },
    { header: BIN, align: 'right' as const },
  ];
  const cells = [
    ...rows.map((row) => row.map((text) => span(text))),
    ['total', thousands(total.active), thousands(total.deleted)].map((text) => span(text, 'strong')),
  ];
  const gaps = [
    wrap(
      0,
      span('INCOMPLETE: ', 'error'),
      `this backup does not hold everything: ${counted(coverage.gaps.length, 'gap')}.`,
    ),
    ...gapLines(coverage, options.now, ELSEWHERE),
  ];
  const excluded = coverage.excluded ?? [];
  return paint(
    [
      cut(0, span(title(shown), 'strong')),
      ...backupHead(shown, tellFor(options)).map((spans) => wrap(0, ...spans)),
      BLANK,
      ...tableLines(columns, cells, 2, options.width),
      BLANK,
      ...(excluded.length > 0
        ? [wrap(0, span(`Left out by knowngood.yaml: ${someOf(excluded, ELSEWHERE)}`, 'dim'))]
        : []),
      ...(isComplete(coverage) ? [cut(0, span('Coverage: complete.', 'good'))] : gaps),
    ],
    options,
  );
}

function backupMarkdown(shown: ShownBackup, options: RenderOptions): string {
  const { coverage } = shown;
  const total = sums(shown);
  const rows = Object.entries(shown.objects).map(([type, { active, deleted }]) =>
    tableRow([cell(type), thousands(active), thousands(deleted)]),
  );
  const last = tableRow(['**total**', thousands(total.active), thousands(total.deleted)]);
  const gaps = coverage.gaps.map((gap) => `- ${prose(gapSpans(gap, undefined))}\n`);
  return [
    `**${sentence(title(shown))}**\n\n${backupHead(shown, tellFor(options)).map(prose).join('  \n')}\n`,
    `\n${tableHead(['type', 'active', BIN], [1, 2])}${rows.join('')}${last}`,
    gaps.length > 0
      ? `\n**Incomplete:** ${counted(gaps.length, 'gap')}\n\n${gaps.join('')}`
      : '\nCoverage: complete.\n',
    (coverage.excluded ?? []).length > 0
      ? `\nLeft out by ${code('knowngood.yaml')}: ${code(someOf(coverage.excluded ?? [], ELSEWHERE))}\n`
      : '',
  ].join('');
}

export function shownBackupCsv(shown: ShownBackup): string {
  return csvDocument(
    ['type', 'active', 'in the recycle bin'],
    Object.entries(shown.objects).map(([type, { active, deleted }]) => [type, active, deleted]),
  );
}
