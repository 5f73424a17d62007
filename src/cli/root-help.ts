/** The help of the whole: told from the manifest alone, so that it comes at once. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The order in which a person meets the commands. */
const ORDER = [
  'init',
  'snapshot',
  'backups',
  'diff',
  'plan',
  'show',
  'apply',
  'validate',
  'coverage',
  'doctor',
  'sandbox start',
  'sandbox incident',
  'sandbox token',
  'demo',
];

const START: readonly Row[] = [
  ['$ knowngood demo', 'the whole story in a minute'],
  ['$ knowngood init acme --tenant sandbox', 'a tenant to try things on'],
  ['$ knowngood COMMAND --help', 'options, examples, exit codes'],
];

const ENVIRONMENT: readonly Row[] = [
  ['AZURE_CLIENT_ID', 'who signs in to a tenant, and more (docs/sign-in.md); a sandbox needs none'],
  ['KNOWNGOOD_TOKEN', 'a bearer token for Microsoft Graph instead'],
  ['KNOWNGOOD_GRAPH_URL', 'another address of Microsoft Graph, such as a sandbox'],
  ['KNOWNGOOD_DEBUG=1', 'shows the stack of an error'],
];

type Row = readonly [left: string, right: string];

export interface Product {
  readonly version: string;
  readonly description: string;
  readonly commands: readonly { readonly id: string; readonly summary: string }[];
}

/** True for the command lines that ask for this help and nothing else. */
export function asksForRootHelp(argv: readonly string[]): boolean {
  return argv.length === 0 || (argv.length === 1 && ['--help', '-h'].includes(argv[0] ?? ''));
}

export function rootHelp(product: Product, layout: { readonly width: number; readonly color: boolean }): string {
  const heading = (text: string) => (layout.color ? `\u001b[1m${text}\u001b[0m` : text);
  const rows = product.commands
    .map(({ id, summary }): Row => [id.replaceAll(':', ' '), summary])
    .sort(([a], [b]) => rank(a) - rank(b));
  return [
    `knowngood ${product.version}: ${product.description}`,
    `${heading('USAGE')}\n  $ knowngood COMMAND [ARGUMENTS] [-C DIR] [--json]`,
    `${heading('COMMANDS')}\n${table(rows, layout.width)}`,
    `${heading('START HERE')}\n${table(START, layout.width)}`,
    `${heading('ENVIRONMENT')}\n${table(ENVIRONMENT, layout.width)}`,
  ].join('\n\n');
}

/** What the manifest and package.json say; undefined where there is no manifest. */
export async function readProduct(root: string): Promise<Product | undefined> {
  try {
    const [manifest, about] = await Promise.all(
      ['oclif.manifest.json', 'package.json'].map(async (name) => JSON.parse(await readFile(join(root, name), 'utf8'))),
    );
    const commands = Object.values(manifest.commands) as { id: string; summary?: string }[];
    return {
      version: about.version,
      description: about.description,
      commands: commands.map(({ id, summary = '' }) => ({ id, summary })),
    };
  } catch {
    return undefined;
  }
}

function rank(name: string): number {
  const place = ORDER.indexOf(name);
  return place === -1 ? ORDER.length : place;
}

function table(rows: readonly Row[], width: number): string {
  const left = Math.max(...rows.map(([name]) => name.length));
  const room = Math.max(20, width - left - 4);
  return rows
    .map(([name, text]) => `  ${name.padEnd(left)}  ${wrapped(text, room).join(`\n${' '.repeat(left + 4)}`)}`)
    .join('\n');
}

function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
