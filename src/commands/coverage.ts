import { string } from '@oclif/core/flags';
import { BaseCommand, tableFlags, unusedRepositoryFlags } from '../cli/base-command.js';

export default class Coverage extends BaseCommand {
  static override summary = 'Show what is recoverable and what is not, property by property.';
  static override description =
    "For every type its properties and links: whether a plan writes them back, whether Microsoft's own product covers " +
    'them, and the permissions they need. It is read from the type schemas of this version: neither a tenant nor a ' +
    'state repository is needed.';
  static override examples = [
    '<%= config.bin %> coverage',
    { description: 'One type only', command: '<%= config.bin %> coverage --type user' },
    { description: 'For a spreadsheet', command: '<%= config.bin %> coverage --format csv > coverage.csv' },
  ];
  static override flags = {
    type: string({
      summary: 'Only this type; can be given several times.',
      helpValue: 'TYPE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    ...unusedRepositoryFlags,
    ...tableFlags,
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Coverage);
    const { coverageOfTypes } = await import('../coverage-table.js');
    const table = coverageOfTypes(flags.type);
    const { coverageCsv, renderCoverage } = await import('../report/index.js');
    await this.show(flags, table, renderCoverage, coverageCsv);
  }
}
