/** What is recoverable, as rows of a spreadsheet: one for each property, link and setting. */

import type { CoverageTable } from '../model/coverage-table.js';
import { COVERAGE_WORDS } from './coverage-words.js';
import { csvDocument } from './csv.js';

const COLUMNS = [
  'type',
  'title',
  'form',
  'kind',
  'property',
  'only of',
  'coverage',
  "name in Microsoft's product",
  "covered by Microsoft's product",
  'default',
  'reason',
  'notes',
  'permissions to read',
  'permissions to write',
  'description',
];

export function coverageCsv(table: CoverageTable): string {
  const rows = table.types.flatMap((type) =>
    type.items.map((item) => [
      type.type,
      type.title,
      type.form,
      item.kind,
      item.name ?? undefined,
      item.of?.join(' '),
      COVERAGE_WORDS[item.coverage],
      item.native ?? undefined,
      item.native === null ? 'no' : 'yes',
      item.optional ? 'off' : 'on',
      item.reason,
      item.notes.join(' '),
      item.permissions.read.join(' '),
      item.permissions.write.join(' '),
      item.description,
    ]),
  );
  return csvDocument(COLUMNS, rows);
}
