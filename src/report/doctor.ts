/** What is in order and what is not, for people: area by area, and a verdict at the end, where a terminal stands. */

import { CHECK_AREAS, type Check, type CheckStatus, type DoctorReport } from '../model/doctor.js';
import { BLANK, type Line, paint, type Span, span, type Tone, wrap } from './lines.js';
import { cell, code, sentence, tableHead, tableRow } from './markdown.js';
import type { RenderOptions } from './review.js';
import { tableRows } from './table.js';
import { counted } from './words.js';

const AREAS: Readonly<Record<Check['area'], string>> = {
  here: 'This machine',
  tenant: 'Tenant',
  backup: 'Backups (snapshot, diff, plan)',
  recovery: 'Recoveries (apply)',
  protection: 'What else protects the tenant',
};

const STATUS_WORDS: Readonly<Record<CheckStatus, string>> = {
  ok: 'ok',
  warning: 'warning',
  failed: 'FAILED',
  unknown: 'cannot tell',
};

const TONES: Readonly<Record<CheckStatus, Tone>> = { ok: 'good', warning: 'warning', failed: 'error', unknown: 'dim' };

export function renderDoctor(report: DoctorReport, options: RenderOptions): string {
  return options.format === 'text' ? doctorText(report, options) : doctorMarkdown(report);
}

function doctorText(report: DoctorReport, options: RenderOptions): string {
  return paint(
    [
      wrap(0, span(titleOf(report), 'strong')),
      BLANK,
      ...areasOf(report).flatMap(([area, checks]) => [
        wrap(0, span(AREAS[area], 'strong')),
        ...checksLines(checks, titleWidth(report), options.width),
        BLANK,
      ]),
      ...verdicts(report).map((line) => wrap(0, line)),
      wrap(0, span(countsOf(report), 'dim')),
    ],
    options,
  );
}

function titleOf({ tool, tenant }: DoctorReport): string {
  return `knowngood ${tool}, tenant ${tenant.name === null ? '' : `${tenant.name} `}(${tenant.id}, cloud ${tenant.cloud})`;
}

function areasOf({ checks }: DoctorReport): [Check['area'], readonly Check[]][] {
  return CHECK_AREAS.flatMap((area) => {
    const own = checks.filter((check) => check.area === area);
    return own.length === 0 ? [] : [[area, own] as [Check['area'], readonly Check[]]];
  });
}

/** The same for every area, so that the eye finds its column. */
function titleWidth({ checks }: DoctorReport): number {
  return Math.max(...checks.map(({ title }) => title.length));
}

const INDENT = 2;
const STATUS_WIDTH = Math.max(...Object.values(STATUS_WORDS).map((word) => word.length));

function checksLines(checks: readonly Check[], width: number, columns: number): Line[] {
  const rows = checks.map((check) => [
    span(STATUS_WORDS[check.status].padEnd(STATUS_WIDTH), TONES[check.status]),
    span(check.title.padEnd(width)),
    span(`${check.message}${check.code === undefined ? '' : ` (${check.code})`}`),
  ]);
  const [, ...lines] = tableRows(
    [{ header: '' }, { header: '' }, { header: '', flexible: true }],
    rows,
    INDENT,
    Math.max(60, columns),
  );
  const margin = INDENT + STATUS_WIDTH + 2;
  return checks.flatMap((check, index) => [
    ...(lines[index] ?? []),
    ...(check.details ?? []).map((detail) => wrap(margin, span(detail, check.status === 'ok' ? 'dim' : 'plain'))),
    ...(check.remedy === undefined ? [] : [wrap(margin, span('What to do: ', 'dim'), check.remedy)]),
  ]);
}

/** What it comes to, for those two things that a person wants to know. */
function verdicts(report: DoctorReport): Span[] {
  return [
    verdict(report, 'backup', 'Backups', 'work', 'do not work, or are not whole'),
    verdict(report, 'recovery', 'Recoveries', 'will work', 'will not work, or not for everything'),
  ];
}

function verdict({ checks }: DoctorReport, area: 'backup' | 'recovery', what: string, good: string, bad: string): Span {
  const all = checks.filter((check) => check.area === area || check.area === 'here' || check.id === 'tenant.kind');
  const own = checks.filter((check) => check.area === area);
  if (all.some(({ status }) => status === 'failed')) return span(`${what} ${bad}.`, 'error');
  // Advice is no doubt: only what is needed and cannot be seen is.
  const unseen = own.filter(({ status, id }) => status === 'unknown' && /\.(?:sign-in|permissions)$/.test(id));
  if (own.length === 0 || unseen.length > 0)
    return span(`Whether ${what.toLowerCase()} ${good} cannot be told from here.`, 'warning');
  const warnings = own.filter(({ status }) => status === 'warning').length;
  if (warnings > 0) return span(`${what} ${good}, with ${counted(warnings, 'warning')}.`, 'warning');
  return span(`${what} ${good}.`, 'good');
}

function countsOf({ counts }: DoctorReport): string {
  return [
    `${counts.ok} ok`,
    counted(counts.warning, 'warning'),
    `${counts.failed} failed`,
    `${counts.unknown} cannot be told`,
  ].join(', ');
}

function doctorMarkdown(report: DoctorReport): string {
  const sections = areasOf(report).map(([area, checks]) => {
    const rows = checks.map((check) =>
      tableRow([
        check.status === 'failed' || check.status === 'warning'
          ? `**${STATUS_WORDS[check.status]}**`
          : STATUS_WORDS[check.status],
        sentence(check.title),
        [sentence(check.message), ...(check.details ?? []).map((detail) => cell(detail))].join('<br>'),
        check.remedy === undefined ? '' : sentence(check.remedy),
      ]),
    );
    return `## ${AREAS[area]}\n\n${tableHead(['', 'check', 'found', 'what to do'])}${rows.join('')}`;
  });
  return [
    `# ${sentence(titleOf(report))}\n`,
    `${verdicts(report)
      .map(({ text }) => sentence(text))
      .join(' ')} ${countsOf(report)}.\n`,
    ...sections,
    permissionSection(report),
  ].join('\n');
}

/** What every type needs, and what of that is not held. */
function permissionSection({ permissions }: DoctorReport): string {
  const words = (need: DoctorReport['permissions'][number]['write']) => {
    if (need === null) return 'never written';
    const names = need.needed.map((name) => (need.missing?.includes(name) ? `**missing:** ${code(name)}` : code(name)));
    return names.join(', ');
  };
  const rows = permissions.map((row) => tableRow([sentence(row.title), words(row.read), words(row.write)]));
  return `## Permissions by type\n\n${tableHead(['type', 'to read', 'to write'])}${rows.join('')}`;
}
