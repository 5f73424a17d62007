import { boolean, integer, string } from '@oclif/core/flags';
import { BaseCommand, repositoryFlags, resultFlags } from '../../cli/base-command.js';
import { exitCodes } from '../../cli/exit-codes.js';
import { write } from '../../cli/output.js';

export default class SandboxStart extends BaseCommand {
  static override summary = 'Serve the sandbox: Microsoft Graph, as far as it is needed, on this machine.';
  static override description =
    "Serves the state repository's sandbox tenant, or the one in the folder that --data names, until Ctrl-C. Any bearer " +
    'token is accepted. Every change is kept: the next start goes on where this one ended.';
  static override examples = [
    '<%= config.bin %> sandbox start',
    '<%= config.bin %> sandbox start --data ./tenant --users 5000 --port 8080',
    '<%= config.bin %> sandbox start --throttle --speed 60',
  ];
  static override flags = {
    port: integer({ summary: 'The port to listen on; a free one by default.', helpValue: 'PORT', min: 0, max: 65_535 }),
    data: string({ summary: 'Folder of the sandbox tenant; made if need be.', helpValue: 'DIR' }),
    from: string({
      summary: 'Begin with the objects of this state folder instead of a made-up tenant.',
      helpValue: 'DIR',
    }),
    users: integer({ summary: 'Users of a new tenant (default 200).', helpValue: 'N', min: 1, max: 1_000_000 }),
    throttle: boolean({ summary: "Hold requests to Microsoft Graph's published limits." }),
    speed: integer({
      summary: 'Let the limits run N times as fast as real time.',
      helpValue: 'N',
      min: 1,
      max: 1_000_000,
      dependsOn: ['throttle'],
    }),
    'tls-key': string({ summary: 'Serve HTTPS with this private key.', helpValue: 'FILE', dependsOn: ['tls-cert'] }),
    'tls-cert': string({ summary: 'The certificate of the key.', helpValue: 'FILE', dependsOn: ['tls-key'] }),
    ...repositoryFlags,
    ...resultFlags,
  };
  static override exitCodes = exitCodes();

  protected override readonly onInterrupt = 'Stopping the sandbox…';

  async run(): Promise<void> {
    const { flags } = await this.parse(SandboxStart);
    const { serveSandbox } = await import('../../cli/serve-sandbox.js');
    await serveSandbox(flags, this.surroundings(), (running) =>
      this.show(
        flags,
        running,
        ({ url, tenantId }) => `Sandbox Microsoft Graph at ${url}\nTenant ${tenantId}; any bearer token is good`,
      ),
    );
    await write(process.stderr, 'The sandbox has stopped.');
  }
}
