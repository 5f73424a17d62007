import { resolve } from 'node:path';
import { string as argument } from '@oclif/core/args';
import { integer, string } from '@oclif/core/flags';
import { BaseCommand, repositoryFlags, resultFlags } from '../cli/base-command.js';

export default class Init extends BaseCommand {
  static override summary = 'Make a state repository for a tenant.';
  static override description =
    'Makes the folder a git repository of its own (also inside another one), writes knowngood.yaml, .gitattributes and ' +
    '.gitignore, and commits them. With --tenant sandbox it makes a sandbox tenant to try everything on.';
  static override examples = [
    { description: 'Try it out on a made-up tenant', command: '<%= config.bin %> init acme --tenant sandbox' },
    {
      description: 'A repository for a tenant of yours',
      command: '<%= config.bin %> init contoso --tenant 0f8a1c2e-6d1b-4a53-9d0e-3c1f7a2b9e10',
    },
  ];
  static override args = {
    directory: argument({ description: 'The folder; made if need be. Default: here.', name: 'dir', ignoreStdin: true }),
  };
  static override flags = {
    tenant: string({ summary: 'The tenant: its id, or "sandbox".', helpValue: 'ID|sandbox' }),
    users: integer({ summary: 'Users of the sandbox tenant (default 200).', helpValue: 'N', min: 1, max: 1_000_000 }),
    branch: string({ summary: 'The branch that holds the backups.', helpValue: 'NAME', default: 'main' }),
    ...repositoryFlags,
    ...resultFlags,
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Init);
    const { init, renderInit } = await import('../init.js');
    const result = await init(
      {
        directory: resolve(flags.repo ?? '.', args.directory ?? '.'),
        branch: flags.branch,
        ...(flags.tenant === undefined ? {} : { tenant: flags.tenant }),
        ...(flags.users === undefined ? {} : { users: flags.users }),
      },
      this.surroundings(),
    );
    await this.show(flags, result, renderInit);
  }
}
