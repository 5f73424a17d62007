/** What is recoverable, as Markdown: the summary, what is not recovered and why, then type by type. */

import type { CoverageTable, TypeCoverage } from '../model/coverage-table.js';
import {
  COVERAGE_MEANINGS,
  COVERAGE_WORDS,
  headline,
  itemNotes,
  permissionRows,
  SUMMARY_HEADERS,
  summaryCells,
  totals,
} from './coverage-words.js';
import { cell, code, sentence, tableHead, tableRow } from './markdown.js';

export function coverageMarkdown(table: CoverageTable): string {
  return [summary(table), meanings(), exceptions(table), ...table.types.map(typeSection)].join('\n');
}

/** The document about all types, as it is in the repository. */
export function typesDocument(table: CoverageTable): string {
  return [
    '# What knowngood keeps and recovers\n',
    'Made by `npm run docs` from the type schemas in `schemas/types/`; `knowngood coverage` shows the same.\n',
    readingSection(table),
    coverageMarkdown(table),
  ].join('\n');
}

/** Everything that a backup of every type needs, in one list; optional properties aside. */
function readingSection(table: CoverageTable): string {
  const items = table.types.flatMap((type) => type.items.filter((item) => !item.optional));
  const lists = [
    ...table.types.map(({ permissions }) => permissions.read),
    ...items.map(({ permissions }) => permissions.read),
  ];
  const names = [...new Set(lists.flat())].sort();
  return `To read all of it, an application needs these permissions: ${names.map(code).join(', ')}.\n`;
}

function summary(table: CoverageTable): string {
  const rows = table.types.map((type) =>
    tableRow([`${sentence(type.title)} (${cell(type.type)})`, ...summaryCells(type)]),
  );
  const numbers = SUMMARY_HEADERS.map((_, index) => index).slice(1);
  return [
    `${sentence(headline(table))}\n`,
    '*Covered by Microsoft*: properties and links that Microsoft Entra Backup and Recovery documents, by what knowngood\ndoes with them. *Beyond*: recoverable properties and links that it does not cover.\n',
    [tableHead(SUMMARY_HEADERS, numbers), ...rows, tableRow(['**total**', ...summaryCells(totals(table))])].join(''),
  ].join('\n');
}

function meanings(): string {
  const lines = Object.entries(COVERAGE_MEANINGS).map(
    ([name, meaning]) => `- **${COVERAGE_WORDS[name as keyof typeof COVERAGE_WORDS]}**: ${sentence(meaning)}\n`,
  );
  return lines.join('');
}

/** Every property that Microsoft's product covers and that is not recoverable here, with the reason. */
function exceptions(table: CoverageTable): string {
  const rows = table.types.flatMap((type) =>
    type.items
      .filter((item) => item.native !== null && item.coverage !== 'recoverable')
      .map((item) =>
        tableRow([
          cell(type.type),
          sentence(item.native ?? ''),
          item.name === null ? '' : cell(item.name),
          COVERAGE_WORDS[item.coverage],
          sentence([item.reason ?? '', item.description ?? ''].join(' ').trim()),
        ]),
      ),
  );
  if (rows.length === 0) return "Everything that Microsoft's product covers is recoverable.\n";
  const head = tableHead(['type', "name in Microsoft's product", 'property', 'coverage', 'why']);
  return `## What Microsoft's product covers and is not recovered\n\n${head}${rows.join('')}`;
}

function typeSection(type: TypeCoverage): string {
  const facts = [...(type.description === undefined ? [] : [type.description]), ...type.notes].map(
    (text) => `- ${sentence(text)}\n`,
  );
  const permissions = permissionRows(type).map(
    ([what, names]) => `- To ${sentence(what)}: ${names.map(code).join(', ')}\n`,
  );
  const kinds = type.items.some((item) => item.of !== undefined);
  const rows = type.items.map((item) =>
    tableRow([
      item.name === null ? '' : cell(item.name),
      ...(kinds ? [(item.of ?? []).map((kind) => cell(kind)).join(', ')] : []),
      COVERAGE_WORDS[item.coverage],
      item.native === null ? '' : sentence(item.native),
      sentence([item.description ?? '', itemNotes(item, type)].filter((text) => text !== '').join(' ')),
    ]),
  );
  const head = tableHead([
    'property',
    ...(kinds ? ['only of'] : []),
    'coverage',
    "name in Microsoft's product",
    'about it',
  ]);
  return `## ${sentence(type.title)} (${code(type.type)})\n\n${facts.join('')}${permissions.join('')}\n${head}${rows.join('')}`;
}
