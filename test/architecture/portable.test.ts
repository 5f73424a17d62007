/** Holds src/ to what every system can do: no calls, paths, signals or shells that only some have. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

interface Rule {
  readonly what: string;
  readonly shape: RegExp;
  /** Files that may, each with the reason. */
  readonly except?: Readonly<Record<string, string>>;
}

const RULES: readonly Rule[] = [
  {
    what: 'calls about owners and rights, which mean nothing elsewhere',
    shape: /\b(?:[lf]?chmod|[lf]?chown|get(?:e?uid|e?gid)|set(?:e?uid|e?gid)|umask)(?:Sync)?\b/,
  },
  {
    what: 'places of one kind of system',
    shape: /['"`=]\/(?:tmp|dev|proc|bin|usr|etc|var|home)\b/,
  },
  { what: 'a shell', shape: /\bshell: *true\b|['"](?:\/bin\/)?(?:ba|z|k)?sh['"]|['"]cmd(?:\.exe)?['"]/ },
  { what: 'signals that Windows does not know', shape: /['"]SIG(?!INT|TERM)[A-Z]+\d?['"]/ },
  { what: 'symbolic links, which need rights on Windows', shape: /\bsymlink(?:Sync)?\b/ },
  {
    what: 'paths put together by hand: `join` knows the separator',
    shape: /\$\{(?:root|dir|dataDir|folder|directory|outside|gitDir|ownGitDir)\}[/\\]/,
    except: {
      'graph/paging.ts': 'an address',
      'graph/requests.ts': 'an address',
      'sandbox/handlers/singletons.ts': 'an address',
      'state/state-files.ts': 'as git names files, on every system',
      'strange-files.ts': 'as git names files, on every system',
    },
  },
  {
    what: 'the environment by a name that is spelt otherwise on Windows',
    shape: /\benv\.(?:HOME|USER|TMPDIR|SHELL|PATH)\b/,
  },
  {
    what: 'the language or the time zone of the machine',
    shape: /\.toLocale\w*\((?!'en-US')|\.localeCompare\(|\bIntl\.|\.get(?:Hours|Minutes|Date|Day|Month|FullYear)\(/,
  },
];

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ path: file.split(sep).join('/'), text: readFileSync(join(SRC, file), 'utf8') }));

it.each(RULES)('src/ has no $what', ({ shape, except = {} }) => {
  const found = sources
    .flatMap(({ path, text }) => text.split('\n').map((line, index) => ({ path, line, at: `${path}:${index + 1}` })))
    .filter(({ path, line }) => shape.test(line) && !/^\s*(?:\*|\/\/|\/\*)/.test(line) && !Object.hasOwn(except, path))
    .map(({ at, line }) => `${at}: ${line.trim()}`);
  expect(found).toEqual([]);
});

it('sees what it is there for', () => {
  const wrong = [
    'chmodSync(file)',
    "join('/tmp', name)",
    "spawn('sh', ['-c', text])",
    "process.on('SIGHUP', end)",
    'symlink(a, b)',
    `\`$${'{root}'}/knowngood.yaml\``,
    'env.HOME',
    'date.toLocaleString()',
  ];
  for (const [index, { shape }] of RULES.entries()) expect(shape.test(wrong[index] ?? '')).toBe(true);
});

it('a file is renamed only after it was closed', () => {
  const renaming = sources.filter(({ text }) => /\brename(?:Sync)?\(/.test(text)).map(({ path }) => path);
  // All of them write a file whole, close it, and rename it then, or rename one that they never open for writing.
  expect(renaming.sort()).toEqual(['cli/files.ts', 'sandbox/lock.ts', 'state/applying.ts', 'state/marker.ts']);
});
