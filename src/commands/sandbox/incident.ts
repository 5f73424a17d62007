import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { BaseCommand, repositoryFlags, resultFlags } from '../../cli/base-command.js';
import { exitCodes } from '../../cli/exit-codes.js';
import { missing } from '../../cli/usage.js';

export default class SandboxIncident extends BaseCommand {
  static override summary = 'Let something bad happen to the sandbox tenant.';
  static override description =
    "Does to the state repository's sandbox tenant what an intruder, a faulty script or a tired administrator would do " +
    'to a real one, through the same requests. Refuses anything that is not a sandbox.';
  static override examples = [
    '<%= config.bin %> sandbox incident --list',
    '<%= config.bin %> sandbox incident mass-disable',
  ];
  static override args = {
    name: string({ description: 'The incident; --list shows them all.', ignoreStdin: true }),
  };
  static override flags = {
    list: boolean({ summary: 'Show the incidents there are; works anywhere.' }),
    ...repositoryFlags,
    ...resultFlags,
  };
  static override exitCodes = exitCodes({ 4: 'Refused: the connection is not a sandbox.' });

  async run(): Promise<void> {
    const { args, flags } = await this.parse(SandboxIncident);
    const { causeIncident, listIncidents, renderIncident, renderIncidents } = await import('../../cli/incidents.js');
    if (flags.list) return this.show(flags, await listIncidents(), renderIncidents);
    const { name } = args;
    if (name === undefined) throw missing('argument: NAME (the incident)', 'Type "knowngood sandbox incident --list".');
    const result = await causeIncident(name, (work) => this.inWorkspace(flags, work));
    await this.show(flags, result, renderIncident);
  }
}
