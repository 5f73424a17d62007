import { BaseCommand, documentFlags, repositoryFlags } from '../cli/base-command.js';
import { exitCodes, exitOfDoctor } from '../cli/exit-codes.js';

export default class Doctor extends BaseCommand {
  static override summary = 'Check what backups and recoveries need: sign-in, permissions, tenant, machine.';
  static override description =
    'Signs in as snapshot would, and as apply would where that has an identity of its own; compares the permissions that ' +
    'are held with those that each type needs; and looks at what else decides how a bad day ends. Nothing is changed, ' +
    'neither in the tenant nor in the repository.';
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor --format markdown > doctor.md'];
  static override flags = { ...repositoryFlags, ...documentFlags };
  static override exitCodes = exitCodes({ 1: 'A check failed: backups or recoveries would not work. Or an error.' });

  async run(): Promise<void> {
    const { flags } = await this.parse(Doctor);
    const report = await this.inWorkspace(flags, async (workspace) => {
      const { examine } = await import('../doctor.js');
      return examine(workspace);
    });
    const { renderDoctor } = await import('../report/doctor.js');
    await this.show(flags, report, renderDoctor);
    process.exitCode = exitOfDoctor(report);
  }
}
