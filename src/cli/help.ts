/** The help: oclif's, with our own overview and the exit codes of each command. */

import type { Command } from '@oclif/core/command';
import { CommandHelp, Help, type HelpSectionRenderer } from '@oclif/core/help';
import type { ExitCodes } from './exit-codes.js';
import { colourOf } from './output.js';
import { rootHelp } from './root-help.js';

type WithExitCodes = Command.Loadable & { readonly exitCodes?: ExitCodes };

class KnowngoodCommandHelp extends CommandHelp {
  /** Without the summary, which stands above it already. */
  protected override description(): string | undefined {
    const { description } = this.command;
    return description === undefined ? undefined : this.wrap(description);
  }

  /** oclif takes away the indentation of the first line, which belongs to it where others have a short form. */
  override renderList(...args: Parameters<CommandHelp['renderList']>): string {
    const [indentation = ''] = /^ */.exec(args[0][0]?.[0] ?? '') ?? [];
    return indentation + super.renderList(...args);
  }

  protected override sections(): { generate: HelpSectionRenderer; header: string }[] {
    const sections = super.sections();
    const { exitCodes = {} } = this.command as WithExitCodes;
    const rows = Object.entries(exitCodes).map(([code, meaning]): [string, string] => [code.padStart(3), meaning]);
    const generate: HelpSectionRenderer = (_, header) => ({ header, body: rows });
    const own = { header: 'EXIT CODES', generate };
    const examples = sections.findIndex(({ header }) => header === 'EXAMPLES');
    return [...sections.slice(0, examples), ...(rows.length > 0 ? [own] : []), ...sections.slice(examples)];
  }
}

export class KnowngoodHelp extends Help {
  protected override CommandHelpClass = KnowngoodCommandHelp;

  protected override async showRootHelp(): Promise<void> {
    const { version, pjson } = this.config;
    const commands = this.sortedCommands.map(({ id, summary = '' }) => ({ id, summary }));
    const layout = { width: this.opts.maxWidth, color: colourOf(process.stdout, process.env) };
    this.log(rootHelp({ version, description: pjson.description ?? '', commands }, layout));
  }
}
