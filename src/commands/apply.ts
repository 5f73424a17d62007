import { string } from '@oclif/core/args';
import { BaseCommand, documentFlags, repositoryFlags } from '../cli/base-command.js';
import { exitCodes, exitOfApply } from '../cli/exit-codes.js';
import { loadPlan } from '../cli/saved-plans.js';

export default class Apply extends BaseCommand {
  static override summary = 'Apply a saved plan to the tenant.';
  static override description =
    'Does what the plan says and nothing else, without a prompt: the plan is what was reviewed. An action whose live ' +
    'value is no longer the one it was planned from is skipped and named. Every request is in the journal before it is ' +
    'sent; at the end everything touched is read again.';
  static override examples = ['<%= config.bin %> apply plan.json'];
  static override args = {
    file: string({ description: 'The plan, as saved by plan -o.', required: true, ignoreStdin: true }),
  };
  static override flags = { ...repositoryFlags, ...documentFlags };
  static override exitCodes = exitCodes({
    3: 'Incomplete: some actions were skipped or failed.',
    4: 'Refused by a safety rule; nothing was applied.',
    5: 'The plan is stale; nothing was applied.',
  });

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Apply);
    const plan = await loadPlan(args.file);
    const result = await this.inWorkspace(flags, async (workspace) => {
      const { apply } = await import('../recovery.js');
      return apply(workspace, plan);
    });
    const { renderApply } = await import('../report/apply.js');
    await this.show(flags, result, (document, options) => renderApply(document, options, plan));
    process.exitCode = exitOfApply(result);
  }
}
