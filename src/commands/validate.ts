import { string } from '@oclif/core/args';
import { BaseCommand, repositoryFlags, tableFlags } from '../cli/base-command.js';
import { exitCodes, exitOfValidation } from '../cli/exit-codes.js';

export default class Validate extends BaseCommand {
  static override summary = 'Check the files of the state repository: everything that is wrong with them.';
  static override description =
    'Every file under tenant-state/, and knowngood.yaml: whether it is YAML, fits the schema of its type, is named after ' +
    'its object and stands in its place; and whether all files of the backup are there. Without a revision the files of the work tree are checked, before they are ' +
    'committed; with one, those of that commit. The tenant is not read.';
  static override examples = [
    { description: 'Before a commit', command: '<%= config.bin %> validate' },
    { description: 'What is in a branch that is under review?', command: '<%= config.bin %> validate review-branch' },
  ];
  static override args = {
    rev: string({ description: 'A git revision or a date; the work tree by default.', ignoreStdin: true }),
  };
  static override flags = { ...repositoryFlags, ...tableFlags };
  static override exitCodes = exitCodes({ 1: 'There are errors in the files; or a command line that makes no sense.' });

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Validate);
    const { validateFiles } = await import('../validation.js');
    const report = await validateFiles({ directory: flags.repo, revision: args.rev }, this.surroundings());
    const { renderValidation, validationCsv } = await import('../report/validation.js');
    await this.show(flags, report, renderValidation, validationCsv);
    process.exitCode = exitOfValidation(report);
  }
}
