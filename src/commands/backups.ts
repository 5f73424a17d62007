import { integer } from '@oclif/core/flags';
import { BaseCommand, repositoryFlags, tableFlags } from '../cli/base-command.js';

export default class Backups extends BaseCommand {
  static override summary = 'List the backups: when, what changed, how complete.';
  static override description = 'Newest first. Works offline: everything it shows is in the git history.';
  static override examples = ['<%= config.bin %> backups', '<%= config.bin %> backups --limit 10 --json'];
  static override flags = {
    limit: integer({ char: 'n', summary: 'At most this many.', helpValue: 'N', min: 1 }),
    ...repositoryFlags,
    ...tableFlags,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Backups);
    const list = await this.inWorkspace(flags, async (workspace) => {
      const { listBackups } = await import('../backups.js');
      return listBackups(workspace, flags.limit === undefined ? {} : { limit: flags.limit });
    });
    const [{ renderBackups }, { backupsCsv }] = await Promise.all([
      import('../report/backups.js'),
      import('../report/backups-csv.js'),
    ]);
    await this.show(flags, list, renderBackups, backupsCsv);
  }
}
