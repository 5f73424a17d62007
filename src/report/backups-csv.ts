/** The list of backups as rows of a spreadsheet. */

import { isComplete } from '../model/coverage.js';
import type { BackupList } from '../model/documents.js';
import { csvDocument } from './csv.js';

export function backupsCsv(list: BackupList): string {
  const types = [...new Set(list.backups.flatMap((backup) => Object.keys(backup.objects)))];
  const columns = ['commit', 'started', 'captured', 'changed', 'tenant', 'coverage', 'gaps', 'objects'];
  return csvDocument(
    [...columns, ...types],
    list.backups.map((backup) => [
      backup.commit,
      backup.captured.start,
      backup.captured.end,
      backup.subject.replace(/^Snapshot: /, ''),
      backup.tenant,
      isComplete(backup.coverage) ? 'complete' : 'incomplete',
      backup.coverage.gaps.length,
      Object.values(backup.objects).reduce((sum, count) => sum + count, 0),
      ...types.map((type) => backup.objects[type]),
    ]),
  );
}
