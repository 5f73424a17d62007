/** What the documents claim of this repository: files, headings, commands, options and permissions that exist. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/model/problem.js';
import { STRATEGIES } from '../../src/strategies/index.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Page {
  /** From the root, with forward slashes. */
  readonly file: string;
  readonly text: string;
}

const files = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
];
const pages: readonly Page[] = files.map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));
const readme = pages.find(({ file }) => file === 'README.md')?.text ?? '';

/** Lines of code blocks, and the other lines. */
function split(text: string): { readonly code: readonly string[]; readonly prose: readonly string[] } {
  const code: string[] = [];
  const prose: string[] = [];
  let inside = false;
  for (const line of text.split('\n')) {
    if (/^\s*```/.test(line)) inside = !inside;
    else (inside ? code : prose).push(line);
  }
  return { code, prose };
}

/** The name under which a heading can be linked to. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function anchorsOf(text: string): string[] {
  return split(text).prose.flatMap((line) => {
    const heading = /^#+ (.+)$/.exec(line)?.[1];
    return heading === undefined ? [] : [anchor(heading)];
  });
}

describe.each(pages)('$file', ({ file, text }) => {
  const { prose } = split(text);

  it('links to files and headings that exist', () => {
    const links = [...prose.join('\n').matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
    const broken = links
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [path = '', heading] = target.split('#');
        const place = path === '' ? file : normalize(join(dirname(file), path)).replaceAll('\\', '/');
        if (!existsSync(join(ROOT, place))) return true;
        if (heading === undefined) return false;
        return !anchorsOf(readFileSync(join(ROOT, place), 'utf8')).includes(heading);
      });
    expect(broken).toEqual([]);
  });

  it('names files of this repository that exist', () => {
    const named = [...prose.join('\n').matchAll(/`((?:src|test|docs|schemas|scripts|bin)\/[^`\s<>*{}…]*)`/g)];
    const missing = named.map(([, path]) => path as string).filter((path) => !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  });

  it('says what is, on any machine', () => {
    expect(text).not.toMatch(/\b(?:TODO|TBD|FIXME|coming soon|in a future (?:version|release)|roadmap)\b/i);
    expect(text).not.toMatch(/(?:^|[\s"'`(=])\/(?:home|root|Users|work|mnt|srv)\//);
    expect(text).not.toMatch(/\bregistry\.[a-z]/i);
  });

  it('ends every line where it ends, but for the hard breaks that are output', () => {
    expect(prose.filter((line) => /\s$/.test(line))).toEqual([]);
    expect(text.endsWith('\n') && !text.endsWith('\n\n')).toBe(true);
  });
});

describe('README.md', () => {
  it('sets up with two lines, whose scripts exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const lines = split(readme).code;
    expect(lines).toEqual(expect.arrayContaining(['npm ci && npm run demo', 'npm ci && npm test']));
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test']));
  });

  it('names the versions that the package asks for', () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } };
    expect(readme).toContain(`Node.js ${engines.node.replace('>=', '')} or newer`);
  });

  it('shows commands and options that exist, and all commands', () => {
    const commands = readdirSync(join(ROOT, 'src', 'commands'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => name.replaceAll('\\', '/').replace('.ts', '').replace('/', ' '));
    const typed = [
      ...split(readme)
        .code.join('\n')
        .matchAll(/^\s*(?:\$ )?knowngood ((?:sandbox )?[a-z]+)/gm),
    ].map(([, name]) => name);
    expect(typed.length).toBeGreaterThan(10);
    expect(typed.filter((name) => !commands.includes(name as string))).toEqual([]);
    const table = readme.slice(readme.indexOf('| command |'), readme.indexOf('| exit code |'));
    for (const name of commands) expect(table).toContain(`\`${name}`);
    const sources = ['src/commands', 'src/cli']
      .flatMap((folder) =>
        readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
      )
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(ROOT, name), 'utf8'))
      .join('\n');
    const options = [...table.matchAll(/--([a-z][a-z-]*)/g)].map(([, name]) => name as string);
    const unknown = options.filter((name) => !['help'].includes(name) && !new RegExp(`\\b'?${name}'?:`).test(sources));
    expect(unknown).toEqual([]);
  });

  it('lists every exit code', () => {
    const table = readme.slice(readme.indexOf('| exit code |'));
    const codes = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(EXIT));
  });

  it('shows output that fits 100 columns, but for lines that are never broken', () => {
    const closing = /^\**(?:Differences|Plan): \d|^Apply complete!|^\s*export KNOWNGOOD_TOKEN=/;
    const wide = split(readme).code.filter((line) => [...line].length > 100 && !closing.test(line));
    expect(wide).toEqual([]);
  });
});

describe('docs/design.md', () => {
  const design = pages.find(({ file }) => file === 'docs/design.md')?.text ?? '';
  const json = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as { properties: object };

  it('names every strategy, keyword of the dialect, key of the configuration and member of a plan', () => {
    const names = [
      ...Object.values(STRATEGIES).flat(),
      ...Object.keys(json('schemas/dialect.json').properties).filter((name) => name.startsWith('x-')),
      ...Object.keys(json('schemas/config.json').properties),
      ...Object.keys(json('schemas/output/plan.json').properties).filter((name) => name !== 'format'),
    ];
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => !design.includes(`\`${name}\``) && !design.includes(`  ${name}`))).toEqual([]);
  });

  it('names every room of src/', () => {
    const rooms = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(rooms.map(({ name }) => name).filter((name) => !design.includes(`| \`${name}\` |`))).toEqual([]);
  });
});
