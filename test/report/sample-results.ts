/** Documents of what was done, as use cases make them. */

import type { ApplyResult, BackupList, SnapshotResult } from '../../src/model/documents.js';
import { CAPTURED, COMMIT, COMPLETE, key, OTHER_COMMIT, PARTIAL, person, TENANT } from './samples.js';

export function snapshot(more: Partial<SnapshotResult> = {}): SnapshotResult {
  return {
    format: 1,
    kind: 'snapshot',
    tenant: TENANT,
    commit: COMMIT,
    tree: '9'.repeat(40),
    branch: 'main',
    subject: 'Snapshot: 4,800 updated, 3 added, 1 soft-deleted',
    captured: CAPTURED,
    changes: { added: 3, updated: 4800, softDeleted: 1, restored: 0, removed: 0, linksAdded: 0, linksRemoved: 0 },
    read: 'full',
    problems: [],
    coverage: COMPLETE,
    ...more,
  };
}

export function backups(): BackupList {
  const backup = { commit: COMMIT, tenant: TENANT, objects: { user: 6012, group: 310 } };
  return {
    format: 1,
    kind: 'backups',
    branch: 'main',
    backups: [
      {
        ...backup,
        subject: 'Snapshot: 4,800 updated, 3 added, 1 soft-deleted',
        captured: { start: '2026-11-20T14:00:00Z', end: '2026-11-20T14:02:00Z' },
        coverage: PARTIAL,
      },
      { ...backup, commit: OTHER_COMMIT, subject: 'Snapshot: no changes', captured: CAPTURED, coverage: COMPLETE },
    ],
  };
}

export function applied(more: Partial<ApplyResult> = {}): ApplyResult {
  return {
    format: 1,
    kind: 'apply',
    plan: `4f9c2e118a07${'0'.repeat(52)}`,
    tenant: TENANT,
    started: '2026-11-20T14:40:00Z',
    ended: '2026-11-20T14:43:12Z',
    status: 'complete',
    counts: {
      restored: 2,
      recreated: 0,
      updated: 4800,
      softDeleted: 0,
      linksAdded: 12,
      linksRemoved: 3,
      failed: 0,
      skipped: 0,
    },
    writes: 4817,
    results: [],
    verification: { objectsRead: 4803, remaining: [], problems: [] },
    recorded: OTHER_COMMIT,
    ...more,
  };
}

export function appliedInPart(): ApplyResult {
  const item = (n: number, action: string) => ({ n, object: key('user', n), label: person(n), action });
  return applied({
    status: 'incomplete',
    counts: { ...applied().counts, updated: 4783, failed: 2, skipped: 15 },
    results: [
      ...[1, 2].map((n) => ({
        ...item(n, 'update'),
        outcome: 'failed' as const,
        reason: '403 Authorization_RequestDenied: Insufficient privileges.',
      })),
      ...Array.from({ length: 15 }, (_, n) => ({
        ...item(n + 10, 'update'),
        outcome: 'skipped' as const,
        reason: 'accountEnabled is no longer what the plan was made from.',
      })),
      {
        ...item(40, 'update'),
        outcome: 'done',
        refused: [{ path: 'accountEnabled', reason: 'Only a privileged administrator may change it.' }],
      },
      { ...item(41, 'link'), outcome: 'done', alreadyThere: true },
    ],
  });
}
