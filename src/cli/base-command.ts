/** What all commands share: where results, notes and progress go, and what an interruption means. */

import { Command } from '@oclif/core/command';
import { boolean, option, string } from '@oclif/core/flags';
import { EXIT, Failure } from '../model/problem.js';
import { escapeTerminal } from '../report/escape.js';
import type { Surroundings, Workspace } from '../workspace.js';
import { INTERRUPTED } from './errors.js';
import { type ExitCodes, exitCodes } from './exit-codes.js';
import { FINISHING, type Interrupt, listenForInterrupt } from './interrupt.js';
import { colourOf, widthOf, write } from './output.js';
import { type ProgressLine, progressLine } from './progress.js';

export type Format = 'text' | 'json' | 'markdown' | 'csv';

/** How a result is to be shown, as the flags say it. */
export interface OutputFlags {
  readonly format?: Format | undefined;
  readonly json: boolean;
  readonly 'no-color': boolean;
}

export interface RepositoryFlags {
  readonly repo?: string | undefined;
}

/** What a renderer of text or Markdown is told about where the text goes. */
export interface Layout {
  readonly format: 'text' | 'markdown';
  readonly color: boolean;
  readonly width: number;
  readonly now: Date;
}

const general = { helpGroup: 'GENERAL' } as const;

export const colourFlags = {
  'no-color': boolean({ ...general, summary: 'Do not colour anything; so does NO_COLOR in the environment.' }),
};

/** `--format` and `--json`, for commands that have a Markdown view, too. */
export const documentFlags = {
  format: option({ ...general, summary: 'How to show the result.', options: ['text', 'json', 'markdown'] as const })(),
  json: boolean({ ...general, summary: 'The same as --format json: one document on stdout.', exclusive: ['format'] }),
  ...colourFlags,
};

/** `--format` and `--json`, for commands whose result is rows of a spreadsheet, too. */
export const tableFlags = {
  format: option({
    ...general,
    summary: 'How to show the result.',
    options: ['text', 'json', 'markdown', 'csv'] as const,
  })(),
  json: documentFlags.json,
  ...colourFlags,
};

/** `--format` and `--json`, for commands that say little. */
export const resultFlags = {
  format: option({ ...general, summary: 'How to show the result.', options: ['text', 'json'] as const })(),
  json: documentFlags.json,
  ...colourFlags,
};

/** `-C`, for commands that work in a state repository. */
export const repositoryFlags = {
  repo: string({
    ...general,
    char: 'C',
    summary: 'The state repository; without it the one that holds the current folder.',
    helpValue: 'DIR',
  }),
};

/** `-C` where it changes nothing: for people who type it with every command. */
export const unusedRepositoryFlags = {
  repo: string({ ...general, char: 'C', summary: 'Not needed here.', helpValue: 'DIR', hidden: true }),
};

export abstract class BaseCommand extends Command {
  /** For the help. */
  static exitCodes: ExitCodes = exitCodes();

  /** What is said at the first Ctrl-C. */
  protected readonly onInterrupt: string = FINISHING;

  #interrupt: Interrupt | undefined;
  #progress: ProgressLine | undefined;

  /** Everything the work may use of its surroundings; asked for once. Ctrl-C is listened to from here on. */
  protected surroundings(): Surroundings {
    const { env, stderr } = process;
    const clock = () => new Date();
    const live = stderr.isTTY === true && env.TERM !== 'dumb' && (env.CI ?? '') === '';
    const progress = progressLine(stderr, clock, live);
    const interrupt = listenForInterrupt(() => {
      progress.clear();
      stderr.write(`${this.onInterrupt}\n`);
    });
    this.#progress = progress;
    this.#interrupt = interrupt;
    return {
      env,
      clock,
      note: (text) => {
        progress.clear();
        stderr.write(`${text.split('\n').map(escapeTerminal).join('\n')}\n`);
      },
      progress: (step) => progress.report(step),
      signal: interrupt.signal,
    };
  }

  /** Opens the state repository for the time of the work. */
  protected async inWorkspace<T>(flags: RepositoryFlags, work: (workspace: Workspace) => Promise<T>): Promise<T> {
    const { openWorkspace } = await import('../workspace.js');
    const workspace = await openWorkspace(flags.repo, this.surroundings());
    try {
      return await work(workspace);
    } finally {
      await workspace.close();
    }
  }

  /** Writes a result to stdout as the flags ask for it; `toCsv` for commands with `tableFlags`. */
  protected async show<T>(
    flags: OutputFlags,
    result: T,
    render: (result: T, layout: Layout) => string,
    toCsv?: (result: T) => string,
  ): Promise<void> {
    this.#progress?.clear();
    const format = flags.json ? 'json' : (flags.format ?? 'text');
    if (format === 'json') {
      const { renderJson } = await import('../report/json.js');
      return write(process.stdout, renderJson(result));
    }
    if (format === 'csv') return write(process.stdout, toCsv?.(result) ?? '');
    return write(process.stdout, render(result, this.layout(flags, format)));
  }

  protected layout(flags: Pick<OutputFlags, 'no-color'>, format: 'text' | 'markdown' = 'text'): Layout {
    return {
      format,
      color: format === 'text' && colourOf(process.stdout, process.env, flags['no-color']),
      width: widthOf(process.stdout),
      now: new Date(),
    };
  }

  /** Errors are told in one place, where the command line began. */
  protected override async catch(error: unknown): Promise<void> {
    if (this.#interrupt?.signal.aborted !== true) throw error;
    if (error instanceof Failure) {
      const { code, message, where, remedy, cause } = error;
      const place = where === undefined ? {} : { where };
      const advice = remedy === undefined ? {} : { remedy };
      throw new Failure({ code, message, ...place, ...advice, exit: EXIT.interrupted, cause });
    }
    throw new Failure({ code: INTERRUPTED, message: 'Interrupted.', exit: EXIT.interrupted, cause: error });
  }

  protected override async finally(): Promise<void> {
    this.#progress?.clear();
    this.#interrupt?.dispose();
  }
}
