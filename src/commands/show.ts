import { string } from '@oclif/core/args';
import { BaseCommand, documentFlags, repositoryFlags } from '../cli/base-command.js';
import { exitCodes } from '../cli/exit-codes.js';
import { loadPlan } from '../cli/saved-plans.js';

export default class Show extends BaseCommand {
  static override summary = 'Show a saved plan.';
  static override description = 'Reads the file only: neither the tenant nor the state repository is needed.';
  static override examples = ['<%= config.bin %> show plan.json', '<%= config.bin %> show plan.json --format markdown'];
  static override args = {
    plan: string({ description: 'The plan, as saved by plan -o.', required: true, ignoreStdin: true }),
  };
  static override flags = { ...repositoryFlags, ...documentFlags };
  static override exitCodes = exitCodes({ 4: 'The plan was edited after it was made.' });

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Show);
    const plan = await loadPlan(args.plan);
    const { renderPlan } = await import('../report/index.js');
    await this.show(flags, plan, renderPlan);
  }
}
