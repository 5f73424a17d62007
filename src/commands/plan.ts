import { boolean, string } from '@oclif/core/flags';
import { BaseCommand, repositoryFlags, tableFlags } from '../cli/base-command.js';
import { exitCodes, exitOfPlan, INCOMPLETE_READ } from '../cli/exit-codes.js';
import { refuseOverwriting, savePlan, tellWhereSaved } from '../cli/saved-plans.js';
import { scopeFlags, scopeOf } from '../cli/scope.js';

export default class Plan extends BaseCommand {
  static override summary = 'Make a recovery plan: the steps that take the tenant back to a backup.';
  static override description =
    'Reads the tenant, compares it with the backup and lists what would be done, what cannot be recovered, and what is ' +
    'left alone. Nothing is written to the tenant. With -o the plan is saved: review the file, then apply it. The options ' +
    'under SCOPE narrow each other. Links belong to the object that holds them: a membership to the group, not the member.';
  static override examples = [
    { description: 'What would be undone?', command: '<%= config.bin %> plan --to HEAD~1' },
    {
      description: 'Save the plan of yesterday noon',
      command: '<%= config.bin %> plan --to 2026-11-18T12:00Z -o plan.json',
    },
    { description: 'One user only', command: '<%= config.bin %> plan --to HEAD --target user/alice@contoso.com' },
    {
      description: 'Everybody on a list, but for one',
      command: '<%= config.bin %> plan --to HEAD --target-file people.txt --exclude "group/Break glass" -o plan.json',
    },
  ];
  static override flags = {
    to: string({ summary: 'The backup to go back to: a git revision or a date.', helpValue: 'REV', required: true }),
    out: string({ char: 'o', summary: 'Save the plan to this file.', helpValue: 'FILE' }),
    'detailed-exitcode': boolean({ summary: 'Exit with 2 when there are differences.' }),
    ...scopeFlags,
    ...repositoryFlags,
    ...tableFlags,
  };
  static override exitCodes = exitCodes({
    2: 'There are differences (only with --detailed-exitcode).',
    3: INCOMPLETE_READ,
    4: 'Refused by a safety rule.',
  });

  async run(): Promise<void> {
    const { flags } = await this.parse(Plan);
    if (flags.out !== undefined) await refuseOverwriting(flags.out);
    const plan = await this.inWorkspace(flags, async (workspace) => {
      const { makePlan } = await import('../recovery.js');
      return makePlan(workspace, { to: flags.to, scope: await scopeOf(flags), keepLive: flags.out !== undefined });
    });
    if (flags.out !== undefined) await savePlan(plan, flags.out);
    const { planCsv, renderPlan } = await import('../report/index.js');
    const saved = flags.out !== undefined;
    await this.show(flags, plan, (document, layout) => renderPlan(document, { ...layout, saved }), planCsv);
    await tellWhereSaved(plan, flags);
    process.exitCode = exitOfPlan(plan, flags['detailed-exitcode']);
  }
}
