/** Documents about what is kept, as use cases make them. */

import type { ShownBackup, ShownObject } from '../../src/model/shown.js';
import type { FileProblem, ValidationReport } from '../../src/model/validation.js';
import { CAPTURED, COMMIT, COMPLETE, id, key, TENANT } from './samples.js';

export function shownBackup(more: Partial<ShownBackup> = {}): ShownBackup {
  return {
    format: 1,
    kind: 'shown-backup',
    tenant: TENANT,
    state: { kind: 'backup', commit: COMMIT, captured: CAPTURED },
    backup: COMMIT,
    subject: 'Snapshot: 4,800 updated, 3 added, 1 soft-deleted',
    captured: CAPTURED,
    coverage: COMPLETE,
    objects: { user: { active: 6000, deleted: 12 }, group: { active: 310, deleted: 0 } },
    schemas: `sha256:${'a'.repeat(64)}`,
    version: '0.1.0',
    ...more,
  };
}

export function shownObject(more: Partial<ShownObject> = {}): ShownObject {
  const content = `id: ${id(7)}\ndisplayName: Sales EMEA\ndescription: null\nmembers:\n  - ${id(1)}\n  - ${id(2)}\n`;
  return {
    format: 1,
    kind: 'shown-object',
    object: key('group', 7),
    label: 'Sales EMEA',
    state: { kind: 'backup', commit: COMMIT, captured: CAPTURED },
    backup: COMMIT,
    file: `tenant-state/groups/${id(7).slice(0, 3)}/${id(7)}.yaml`,
    contentId: '9'.repeat(40),
    deleted: null,
    properties: { id: id(7), displayName: 'Sales EMEA', description: null },
    links: { members: [id(1), id(2)] },
    names: {},
    content,
    ...more,
  };
}

const file = (n: number) => `tenant-state/users/${id(n).slice(0, 3)}/${id(n)}.yaml`;

export function problem(more: Partial<FileProblem> = {}): FileProblem {
  return {
    file: file(1),
    line: 4,
    column: 1,
    severity: 'error',
    code: 'KG202',
    rule: 'schema: additionalProperties',
    path: 'acountEnabled',
    message: '"acountEnabled" is not known here. Did you mean "accountEnabled"?',
    remedy: 'Write "accountEnabled".',
    ...more,
  };
}

const PROBLEMS: readonly FileProblem[] = [
  problem(),
  problem({ line: 9, rule: 'schema: type', path: 'mail', message: 'mail must be text, not a number.' }),
  problem({ file: file(2), severity: 'warning', remedy: 'Use a newer version.' }),
  ...Array.from({ length: 8 }, (_, n) =>
    problem({
      file: file(n + 10),
      severity: 'note',
      code: 'KG209',
      rule: 'canonical',
      message: 'The file is valid, but not spelled as snapshot spells it.',
      remedy: 'Nothing has to be done.',
    }),
  ),
  {
    file: 'tenant-state/usrs/',
    severity: 'error',
    code: 'KG207',
    rule: 'unknown',
    message: 'There is no type with this folder, and 2 files in it.',
    remedy: 'Did you mean users? Otherwise take it away.',
  },
];

export function validation(more: Partial<ValidationReport> = {}): ValidationReport {
  return {
    format: 1,
    kind: 'validation',
    files: 1234,
    counts: { errors: 3, warnings: 1, notes: 8 },
    problems: PROBLEMS,
    ...more,
  };
}
