/** The backups, and what stems from them. */

import type { BackupList } from './model/documents.js';
import { backupFacts, CAPTURED } from './state/trailers.js';
import type { CommittedState } from './states.js';
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

/** The backup that the state of a commit stems from, where a person or a merge changed it since; else undefined. */
export async function changedBackup(
  { repository }: Workspace,
  { commit, backup }: CommittedState,
): Promise<string | undefined> {
  if (commit === backup) return undefined;
  const [now, then] = [await repository.rootEntries(commit), await repository.rootEntries(backup)];
  return now.get('tenant-state')?.id === then.get('tenant-state')?.id ? undefined : backup;
}
