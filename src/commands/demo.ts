import { boolean } from '@oclif/core/flags';
import { BaseCommand, colourFlags } from '../cli/base-command.js';
import { colourOf, write } from '../cli/output.js';

export default class Demo extends BaseCommand {
  static override summary = 'See the whole story: backup, incident, difference, plan, recovery.';
  static override description =
    'Runs on a sandbox tenant in a temporary folder, in less than a minute. Every command is shown as you would type it; ' +
    'no real tenant is touched, whatever the environment says.';
  static override flags = {
    keep: boolean({ summary: 'Keep the folder, to look around in it afterwards.' }),
    ...colourFlags,
  };

  protected override readonly onInterrupt = 'Stopping the demo…';

  async run(): Promise<void> {
    const { flags } = await this.parse(Demo);
    const { demo } = await import('../demo.js');
    const color = colourOf(process.stdout, process.env, flags['no-color']);
    await demo({ keep: flags.keep, color }, this.surroundings(), (text) => write(process.stdout, text));
  }
}
