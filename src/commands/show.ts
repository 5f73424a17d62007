import { string } from '@oclif/core/args';
import { BaseCommand, repositoryFlags, tableFlags } from '../cli/base-command.js';
import { exitCodes } from '../cli/exit-codes.js';
import { isPlanFile, loadPlan, refuseObjectOfPlan } from '../cli/saved-plans.js';

export default class Show extends BaseCommand {
  static override summary = 'Show a backup, an object in it, or a saved plan.';
  static override description =
    'A revision (a commit, a tag, a date) shows what that backup holds; with TYPE/ID the object as it is stored there, ' +
    'found by its id or by a name that only it has; the names of what it leads to follow as comments. The name of a ' +
    'file shows the plan in it, for which neither the tenant nor the state repository is needed.';
  static override examples = [
    { description: 'What is in the newest backup?', command: '<%= config.bin %> show HEAD' },
    {
      description: 'What did this user look like on Wednesday?',
      command: '<%= config.bin %> show 2026-11-18 user/alice@contoso.com',
    },
    {
      description: 'A plan as the description of a pull request',
      command: '<%= config.bin %> show plan.json --format markdown',
    },
  ];
  static override args = {
    'rev|plan': string({
      description: 'A backup: a git revision or a date. Or a plan: a file.',
      required: true,
      ignoreStdin: true,
    }),
    'type/id': string({ description: 'The object, by id or by name.', ignoreStdin: true }),
  };
  static override flags = { ...repositoryFlags, ...tableFlags };
  static override exitCodes = exitCodes({ 4: 'The plan was edited after it was made.' });

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Show);
    const report = await import('../report/index.js');
    const { 'rev|plan': what, 'type/id': object } = args;
    if (await isPlanFile(what)) {
      refuseObjectOfPlan(object);
      return this.show(flags, await loadPlan(what), report.renderPlan, report.planCsv);
    }
    const { showBackup, showObject } = await import('../shown.js');
    if (object === undefined) {
      const shown = await this.inWorkspace(flags, (workspace) => showBackup(workspace, what));
      return this.show(flags, shown, report.renderShownBackup, report.shownBackupCsv);
    }
    const shown = await this.inWorkspace(flags, (workspace) => showObject(workspace, what, object));
    return this.show(flags, shown, report.renderShownObject, report.shownObjectCsv);
  }
}
