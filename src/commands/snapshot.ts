import { boolean } from '@oclif/core/flags';
import { BaseCommand, documentFlags, repositoryFlags } from '../cli/base-command.js';
import { exitCodes, exitOfSnapshot, INCOMPLETE_READ } from '../cli/exit-codes.js';

export default class Snapshot extends BaseCommand {
  static override summary = 'Take a backup: read the tenant and commit its state.';
  static override description =
    'Writes every recoverable object as one YAML file and commits them to the configured branch. A backup is always a ' +
    'commit, also when nothing has changed, and it is visible whole or not at all. Where Graph says what has changed, only ' +
    'that is read; all of it at least every 7 days (fullReadEvery in knowngood.yaml).';
  static override examples = ['<%= config.bin %> snapshot', '<%= config.bin %> snapshot -C acme --json'];
  static override flags = {
    full: boolean({
      summary: 'Read everything, and not only what Graph says has changed since the last backup.',
    }),
    ...repositoryFlags,
    ...documentFlags,
  };
  static override exitCodes = exitCodes({ 3: INCOMPLETE_READ, 4: 'Refused: the token is of another tenant.' });

  async run(): Promise<void> {
    const { flags } = await this.parse(Snapshot);
    const result = await this.inWorkspace(flags, async (workspace) => {
      const { snapshot } = await import('../backup.js');
      return snapshot(workspace, { full: flags.full });
    });
    const { renderSnapshot } = await import('../report/snapshot.js');
    await this.show(flags, result, renderSnapshot);
    process.exitCode = exitOfSnapshot(result);
  }
}
