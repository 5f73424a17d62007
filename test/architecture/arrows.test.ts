/** Holds the structure of src/: who may import whom, no names of types in engine code, rooms of a liveable size. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadRegistry } from '../../src/registry/load.js';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

interface Source {
  /** Path below src/, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Modules below src/ that it imports, and packages. */
  readonly imports: readonly string[];
}

const sources: readonly Source[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => {
    const text = readFileSync(join(SRC, file), 'utf8');
    const imports = [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, name]) =>
      resolveImport(file, name as string),
    );
    return { path: file.split(sep).join('/'), text, imports };
  });

function resolveImport(file: string, name: string): string {
  if (!name.startsWith('.')) return name;
  return relative(SRC, join(SRC, dirname(file), name))
    .split(sep)
    .join('/')
    .replace(/\.js$/, '.ts');
}

/** The room of a module: its folder below src/, or `use cases` for the files at the top. */
function room(path: string): string {
  return path.includes('/') ? (path.split('/')[0] as string) : 'use cases';
}

/** What each room may import from, and why it is not more. */
const ARROWS: Readonly<Record<string, { readonly may: readonly string[]; readonly because: string }>> = {
  model: { may: [], because: 'the nouns stand on their own' },
  registry: { may: ['model'], because: 'it turns schemas into data and knows no use of them' },
  strategies: { may: ['model'], because: 'an escape hatch that could reach the engine would become the engine' },
  state: { may: ['model', 'registry', 'strategies'], because: 'files and git know nothing of Graph or of plans' },
  graph: { may: ['model', 'registry'], because: 'requests and answers know nothing of states or plans' },
  identity: { may: ['model'], because: 'who signs in says nothing about what is asked' },
  collect: { may: ['model', 'registry', 'strategies', 'state', 'graph'], because: 'reading never plans or writes' },
  doctor: {
    may: ['model', 'registry', 'state', 'graph', 'identity'],
    because: 'it asks and judges, and writes nothing',
  },
  diff: { may: ['model', 'registry', 'strategies', 'state'], because: 'comparing is pure: no Graph, no git, no plan' },
  plan: { may: ['model', 'registry', 'strategies', 'diff'], because: 'planning is pure: no Graph, no git' },
  apply: { may: ['model', 'registry', 'strategies', 'state', 'graph'], because: 'applying never decides what to do' },
  report: { may: ['model'], because: 'a view computes nothing that another view could not show' },
  sandbox: { may: [], because: 'an emulator that shares code with the client shares its mistakes' },
  'use cases': {
    may: [
      'model',
      'registry',
      'strategies',
      'state',
      'graph',
      'identity',
      'collect',
      'diff',
      'doctor',
      'plan',
      'apply',
      'report',
      'sandbox',
    ],
    because: 'they put the parts together, and know nothing of the command line',
  },
  cli: { may: ['model', 'report', 'state', 'sandbox', 'use cases'], because: 'it renders and never decides' },
  commands: { may: ['model', 'cli', 'report', 'sandbox', 'use cases'], because: 'parse, call one use case, render' },
};

describe('arrows', () => {
  it('point one way: every import goes to a room that its own may know', () => {
    const wrong = sources.flatMap((source) =>
      source.imports
        .filter((target) => target.endsWith('.ts'))
        .filter(
          (target) => room(target) !== room(source.path) && !ARROWS[room(source.path)]?.may.includes(room(target)),
        )
        .map(
          (target) =>
            `${source.path} → ${target}: ${ARROWS[room(source.path)]?.because ?? 'a room that nobody has placed'}`,
        ),
    );
    expect(wrong).toEqual([]);
  });

  it('keep the pure rooms free of the world: no Node module but crypto, no package', () => {
    const pure = ['model', 'strategies', 'diff', 'plan'];
    const wrong = sources
      .filter((source) => pure.includes(room(source.path)))
      .flatMap((source) =>
        source.imports
          .filter((target) => !target.endsWith('.ts') && target !== 'node:crypto')
          .map((target) => `${source.path} → ${target}`),
      );
    expect(wrong).toEqual([]);
  });

  it('leave clock, randomness and environment outside of what is pure', () => {
    const pure = [
      'model',
      'registry',
      'strategies',
      'state/canonical.ts',
      'state/emit.ts',
      'diff',
      'plan',
      'report',
      'apply/stages.ts',
      'apply/body.ts',
    ];
    const world = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bprocess\.(?:env|stdout|stderr|argv|cwd)/;
    const wrong = sources.filter(
      (source) => pure.some((place) => source.path.startsWith(place)) && world.test(source.text),
    );
    expect(wrong.map((source) => source.path)).toEqual([]);
  });

  it('load what signs in only where somebody signs in', () => {
    const loading = sources.filter(({ text }) => /^import (?!type)[^;]*'@azure\//m.test(text)).map(({ path }) => path);
    expect(loading).toEqual([]);
    const later = sources.filter(({ text }) => /import\('@azure\//.test(text)).map(({ path }) => path);
    expect(later).toEqual(['identity/credentials.ts']);
  });

  it('spawn processes, ours and git, in few places', () => {
    const spawning = sources
      .filter((source) => /^import \{[^}]*\} from 'node:child_process'/m.test(source.text))
      .map((source) => source.path);
    expect(spawning.sort()).toEqual(['demo.ts', 'state/git.ts']);
  });
});

describe('types are data', () => {
  it('names no type of directory object in engine code', () => {
    const names = loadRegistry().types.map((type) => type.name);
    const engine = sources.filter((source) => !/^(?:sandbox|strategies|commands)\/|^plan\/guards/.test(source.path));
    const wrong = engine.flatMap((source) =>
      names
        .filter((name) => new RegExp(`['"\`]${name}s?['"\`]`).test(withoutComments(source.text)))
        .map((name) => `${source.path}: ${name}`),
    );
    expect(wrong).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

describe('rooms', () => {
  it('have files of at most 300 lines', () => {
    const long = sources.filter((source) => source.text.split('\n').length > 301).map((source) => source.path);
    expect(long).toEqual([]);
  });

  it('have names that say what is in them', () => {
    const vague = sources.filter((source) =>
      /(?:^|[/-])(?:utils?|helpers?|manager|misc|common)(?:[./-]|$)/.test(source.path),
    );
    expect(vague.map((source) => source.path)).toEqual([]);
  });

  it('have no default exports but commands', () => {
    const wrong = sources.filter((source) => /^export default/m.test(source.text) && room(source.path) !== 'commands');
    expect(wrong.map((source) => source.path)).toEqual([]);
  });
});
