import { integer, option, string } from '@oclif/core/flags';
import { BaseCommand, repositoryFlags, resultFlags } from '../../cli/base-command.js';
import { exitCodes } from '../../cli/exit-codes.js';

export default class SandboxToken extends BaseCommand {
  static override summary = 'Make a token that says who calls the sandbox, and what it may do.';
  static override description =
    "Prints a token for the state repository's sandbox, or the one in the folder that --data names. With it the sandbox " +
    'answers as Microsoft Graph does to an application with these permissions. It is good for nothing else, so it is no ' +
    'secret. With any other token everything is allowed.';
  static override examples = [
    'KNOWNGOOD_TOKEN=$(<%= config.bin %> sandbox token --as reader) <%= config.bin %> snapshot',
    '<%= config.bin %> sandbox token --as operator --without User.ReadWrite.All',
  ];
  static override flags = {
    as: option({
      summary:
        'What the caller is for: a reader reads, an operator writes too, an administrator has a directory role, too.',
      options: ['reader', 'operator', 'administrator'] as const,
      required: true,
    })(),
    permissions: string({
      summary: 'Exactly these application permissions.',
      helpValue: 'NAME,…',
      multiple: true,
      delimiter: ',',
    }),
    without: string({ summary: 'Take these away.', helpValue: 'NAME,…', multiple: true, delimiter: ',' }),
    hours: integer({ summary: 'How long it is good for.', helpValue: 'N', default: 1, min: 1, max: 8760 }),
    data: string({ summary: 'Folder of the sandbox tenant.', helpValue: 'DIR' }),
    ...repositoryFlags,
    ...resultFlags,
  };
  static override exitCodes = exitCodes();

  async run(): Promise<void> {
    const { flags } = await this.parse(SandboxToken);
    const { makeToken } = await import('../../cli/sandbox-token.js');
    await this.show(flags, await makeToken(flags, this.surroundings().clock()), ({ token }) => token);
  }
}
