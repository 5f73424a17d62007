/** docs/wrong-input.md: written from what the command line really said. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Chapter, Row } from './row.js';

const FILE = new URL('../../docs/wrong-input.md', import.meta.url);

const HEAD = `# What knowngood says when something is wrong

Every case below is tried with the real command line by \`test/wrong-input\`, which also sees to it that nothing is left
half-written, that the exit code is the one that is documented, and that \`--json\` gives the same as one document. The
repository is \`~/acme\`; \`~/acme\` is also where the commands are typed, unless the text says otherwise.
[problems.md](problems.md) lists all codes. After a change of what is said, \`npm run docs:wrong-input\` writes this page
again.
`;

/** What one row came to, as people see it. */
export interface Told {
  readonly typed: string;
  readonly output: string;
  readonly exit: number;
}

export function blockOf({ title, did }: Row, { typed, output, exit }: Told): string {
  return `### ${title}\n\n${did}\n\n\`\`\`\n$ knowngood ${typed}\n${output.trimEnd()}\n\`\`\`\n\nExit code ${exit}.\n`;
}

/** The block of a row as the page has it. */
export function blockOnPage({ title }: Row): string | undefined {
  if (!existsSync(FILE)) return undefined;
  const [, rest] = readFileSync(FILE, 'utf8').split(`\n### ${title}\n`);
  return rest === undefined ? undefined : `### ${title}\n${rest.split(/\n(?=#{2,3} )/)[0]}`;
}

/** The page without its blocks: what must be there whatever the machine can try. */
export function outlineOf(chapters: readonly Chapter[]): string[] {
  return chapters.flatMap(({ title, rows }) => [`## ${title}`, ...rows.map((row) => `### ${row.title}`)]);
}

export function outlineOfPage(): string[] {
  return readFileSync(FILE, 'utf8').match(/^#{2,3} .*$/gm) ?? [];
}

/** Writes the page; blocks of rows that this machine cannot try stay as they are. */
export function writePage(chapters: readonly Chapter[], blocks: ReadonlyMap<Row, string>): void {
  const text = chapters.map(({ title, rows }) => {
    const parts = rows.map((row) => blocks.get(row) ?? blockOnPage(row) ?? '');
    return `## ${title}\n\n${parts.map((part) => part.trimEnd()).join('\n\n')}\n`;
  });
  writeFileSync(FILE, [HEAD, ...text].join('\n'));
}
