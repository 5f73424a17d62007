/** Lists the backups. */

import type { BackupList } from './model/documents.js';
import { backupFacts, CAPTURED } from './state/trailers.js';
import type { Workspace } from './workspace.js';

/** The backups of the configured branch, newest first. */
export async function listBackups(
  workspace: Workspace,
  options: { readonly limit?: number } = {},
): Promise<BackupList> {
  const { repository, config } = workspace;
  const commits =
    (await repository.ref(`refs/heads/${config.branch}`)) === undefined
      ? []
      : await repository.log(`refs/heads/${config.branch}`, {
          trailer: CAPTURED,
          ...(options.limit === undefined ? {} : { limit: options.limit }),
        });
  return {
    format: 1,
    kind: 'backups',
    branch: config.branch,
    backups: commits.flatMap((commit) => {
      const facts = backupFacts(commit);
      if (facts === undefined) return [];
      return [
        {
          commit: commit.id,
          subject: commit.subject,
          captured: facts.captured,
          tenant: facts.tenant,
          objects: facts.coverage.types,
          coverage: facts.coverage,
        },
      ];
    }),
  };
}
