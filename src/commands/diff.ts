import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { BaseCommand, repositoryFlags, tableFlags } from '../cli/base-command.js';
import { exitCodes, exitOfDifference, INCOMPLETE_READ } from '../cli/exit-codes.js';
import { scopeFlags, scopeOf } from '../cli/scope.js';

export default class Diff extends BaseCommand {
  static override summary = 'Show what differs between a backup and the live tenant, or between two backups.';
  static override description =
    'Without arguments the latest backup is compared with the live tenant. Revisions are those of git (HEAD~3, a tag, ' +
    'a commit) or a date such as 2026-11-18 or 2026-11-18T14:00Z: the last backup at or before it. Two revisions are ' +
    'compared offline. Every difference is shown as recovery would undo it: from live to desired. The options under ' +
    'SCOPE narrow each other. Links belong to the object that holds them: a membership to the group, not the member.';
  static override examples = [
    { description: 'What has changed since the last backup?', command: '<%= config.bin %> diff' },
    {
      description: 'Has anything drifted from a known good backup? (exit code 2 if so)',
      command: '<%= config.bin %> diff HEAD~3 --detailed-exitcode',
    },
    { description: 'What did one backup change?', command: '<%= config.bin %> diff HEAD~1 HEAD' },
    { description: 'For a spreadsheet', command: '<%= config.bin %> diff --format csv > differences.csv' },
  ];
  static override args = {
    desired: string({ description: 'The state that should be; the latest backup by default.', ignoreStdin: true }),
    live: string({ description: 'The state that is; the live tenant by default.', ignoreStdin: true }),
  };
  static override flags = {
    'detailed-exitcode': boolean({ summary: 'Exit with 2 when there are differences.' }),
    ...scopeFlags,
    ...repositoryFlags,
    ...tableFlags,
  };
  static override exitCodes = exitCodes({
    2: 'There are differences (only with --detailed-exitcode).',
    3: INCOMPLETE_READ,
    4: 'Refused: the token is of another tenant.',
  });

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Diff);
    const report = await this.inWorkspace(flags, async (workspace) => {
      const { difference } = await import('../difference.js');
      return difference(workspace, {
        ...(args.desired === undefined ? {} : { desired: args.desired }),
        ...(args.live === undefined ? {} : { live: args.live }),
        scope: await scopeOf(flags),
      });
    });
    const { differenceCsv, renderDifference } = await import('../report/index.js');
    await this.show(flags, report, renderDifference, differenceCsv);
    process.exitCode = exitOfDifference(report, flags['detailed-exitcode']);
  }
}
