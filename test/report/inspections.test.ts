/* A backup, an object, files and the coverage of types, as people see them. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverageOfTypes } from '../../src/coverage-table.js';
import type { CoverageTable } from '../../src/model/coverage-table.js';
import {
  coverageCsv,
  type RenderOptions,
  renderCoverage,
  renderShownBackup,
  renderShownObject,
  renderValidation,
  shownBackupCsv,
  shownObjectCsv,
  validationCsv,
} from '../../src/report/index.js';
import { stringWidth } from '../../src/report/width.js';
import { hostileString } from '../support/hostile.js';
import { parseCsv } from './parse-csv.js';
import { problem, shownBackup, shownObject, validation } from './sample-inspections.js';
import { COMMIT, id, key, MARKDOWN, OTHER_COMMIT, PARTIAL, text } from './samples.js';

const lastLine = (output: string) => output.trimEnd().split('\n').at(-1);

describe('an object at a backup', () => {
  it('is its file under two lines that say which, where and how old', () => {
    const { content } = shownObject();
    expect(renderShownObject(shownObject(), text(80))).toBe(
      `# ${key('group', 7)} Sales EMEA\n# in backup 3f2a9c1 (2026-11-18 14:00 UTC, 2 days ago)\n${content}`,
    );
  });

  it('has the names of its links below the file, as comments', () => {
    const names = { [id(2)]: 'Ada\nadmin: true', [id(1)]: 'Zoë', [id(9)]: 'Office' };
    const { content } = shownObject();
    expect(renderShownObject(shownObject({ names }), text(80))).toContain(
      `\n${content}# Links by name
#   members
#     ${id(2)}  Ada\\u{a}admin: true
#     ${id(1)}  Zoë
#   in properties
#     ${id(9)}  Office
`,
    );
    expect(renderShownObject(shownObject({ names }), MARKDOWN)).toContain(
      `\n| link | name | id |\n| --- | --- | --- |\n| \`members\` | \`Ada\\u{a}admin: true\` | \`${id(2)}\` |\n| \`members\` | \`Zoë\` | `,
    );
    const [, , , , ...members] = parseCsv(shownObjectCsv(shownObject({ names })));
    expect(members.map(([, , , value, name]) => [value, name])).toEqual([
      [id(1), 'Zoë'],
      [id(2), 'Ada\\u{a}admin: true'],
    ]);
  });

  it('says when it went to the recycle bin', () => {
    const shown = renderShownObject(shownObject({ deleted: '2026-11-17T09:30:00Z' }), text(80));
    expect(shown).toContain('; in the recycle bin since 2026-11-17 09:30 UTC\n');
  });

  it('has no name beside its id where it has none', () => {
    const [head] = renderShownObject(shownObject({ label: id(7) }), text(80)).split('\n');
    expect(head).toBe(`# ${key('group', 7)}`);
  });

  it('stays in its fence in Markdown', () => {
    const shown = renderShownObject(shownObject({ content: 'a: "```"\nb: "````"\n' }), MARKDOWN);
    expect(shown).toContain('\n\n`````yaml\na: "```"\nb: "````"\n`````\n');
  });

  it('is a row for every property and link in CSV', () => {
    const [, ...rows] = parseCsv(shownObjectCsv(shownObject()));
    expect(rows.map(([, , name, value]) => [name, value])).toEqual([
      ['id', id(7)],
      ['displayName', 'Sales EMEA'],
      ['description', ''],
      ['members', id(1)],
      ['members', id(2)],
    ]);
    const odd = shownObject({ properties: { displayName: 'constructor' }, links: {} });
    expect(parseCsv(shownObjectCsv(odd)).at(-1)).toEqual([odd.object, odd.label, 'displayName', 'constructor', '']);
  });
});

describe('a backup in numbers', () => {
  it('is told with its age, its objects and its recycle bin', () => {
    expect(renderShownBackup(shownBackup(), text(80))).toBe(`Backup 3f2a9c1: 4,800 updated, 3 added, 1 soft-deleted
Tenant 5d1b0f8a-1c2e-4f0e-9a53-2b7c1d0e4f6a
Read 2026-11-18 14:00 UTC, 2 days ago; it took 2 minutes
Written by knowngood 0.1.0

  type    active  in recycle bin
  users    6,000              12
  groups     310               0
  total    6,310              12

Coverage: complete.
`);
  });

  it('says what it does not hold, and when a commit is none', () => {
    const shown = renderShownBackup(
      shownBackup({ state: { kind: 'commit', commit: OTHER_COMMIT }, coverage: { ...PARTIAL, excluded: ['user/x'] } }),
      text(80),
    );
    expect(shown).toContain('Commit 8d31f00\n');
    expect(shown).toContain('It stems from backup 3f2a9c1, and was changed since');
    expect(shown).toContain('INCOMPLETE: this backup does not hold everything: 2 gaps.');
    expect(shown).toContain('Left out by knowngood.yaml: user/x');
  });

  it('is a row for each type in CSV', () => {
    expect(parseCsv(shownBackupCsv(shownBackup()))).toEqual([
      ['type', 'active', 'in the recycle bin'],
      ['user', '6000', '12'],
      ['group', '310', '0'],
    ]);
  });
});

describe('a validation', () => {
  it('ends with a line that can be looked for', () => {
    expect(lastLine(renderValidation(validation(), text(80)))).toBe('3 problems in 1 file and 1 folder.');
    const one = validation({ counts: { errors: 1, warnings: 0, notes: 0 }, problems: [problem()] });
    expect(lastLine(renderValidation(one, text(80)))).toBe('1 problem in 1 file.');
    const valid = validation({ counts: { errors: 0, warnings: 1, notes: 8 } });
    expect(lastLine(renderValidation(valid, text(80)))).toBe('Valid: 1,234 files, 1 warning.');
  });

  it('tells notes that say the same once, with the places, and others by themselves', () => {
    const note = (n: number, message: string) =>
      problem({ file: `tenant-state/users/${n}.yaml`, severity: 'note', code: 'KG209', rule: 'canonical', message });
    const notes = [
      note(1, 'Its lines end with CRLF.'),
      note(2, 'It has a comment.'),
      note(3, 'Its lines end with CRLF.'),
    ];
    const output = renderValidation(validation({ problems: notes }), text(200));
    expect(output.match(/note KG209: .*/g)?.map((line) => line.slice(0, 36))).toEqual([
      'note KG209: Its lines end with CRLF.',
      'note KG209: It has a comment. Write ',
    ]);
    expect(output).toMatch(/CRLF\..*\n {2}tenant-state\/users\/1.*\n {2}tenant-state\/users\/3/);
    const many = Array.from({ length: 30 }, (_, n) => note(n, `It says ${n}.`));
    expect(renderValidation(validation({ problems: many }), text(200))).toContain(
      'and 10 more notes (--format csv lists all)',
    );
  });

  it('says where, what and what to do, and what to do once for several', () => {
    const output = renderValidation(validation(), text(200));
    expect(output).toContain(`${problem().file}:4:1\n  error KG202: "acountEnabled" is not known here.`);
    expect(output.match(/Write "accountEnabled"/g)).toHaveLength(1);
    expect(output).toContain('tenant-state/usrs/\n');
    expect(output).toContain('and 3 more (--format csv lists all)');
  });

  it('shows so many files and problems as a person reads, and all of them in CSV', () => {
    const many = Array.from({ length: 80 }, (_, n) =>
      Array.from({ length: 15 }, (_, line) => problem({ file: `tenant-state/users/${n}.yaml`, line: line + 1 })),
    ).flat();
    const report = validation({ problems: many, counts: { errors: 1200, warnings: 0, notes: 0 } });
    const output = renderValidation(report, text(80));
    expect(output).toContain('and 5 more problems in this file');
    expect(output).toContain('and 450 more problems (--format csv lists all)');
    expect(lastLine(output)).toBe('1,200 problems in 80 files.');
    expect(parseCsv(validationCsv(report))).toHaveLength(1201);
    expect(renderValidation(report, MARKDOWN).length).toBeLessThan(60_000);
  });
});

const TABLE = coverageOfTypes();

describe('the coverage of types', () => {
  it.each([40, 80, 120, 200])('fits %i columns', (width) => {
    const long = renderCoverage(TABLE, text(width))
      .split('\n')
      .filter((line) => stringWidth(line) > width);
    expect(long).toEqual([]);
  });

  it("names every property, and everything of Microsoft's product", () => {
    for (const output of [renderCoverage(TABLE, text(200)), renderCoverage(TABLE, MARKDOWN), coverageCsv(TABLE)]) {
      for (const { name, native } of TABLE.types.flatMap(({ items }) => items)) {
        expect(output).toContain(name ?? native);
      }
    }
  });

  it('is a row for every item in CSV', () => {
    const items = TABLE.types.flatMap((type) => type.items);
    expect(parseCsv(coverageCsv(TABLE))).toHaveLength(items.length + 1);
  });

  it('says why for all that is not recovered', () => {
    const [, exceptions = ''] = renderCoverage(TABLE, MARKDOWN).split('is not recovered\n');
    const rows =
      exceptions
        .split('\n## ')[0]
        ?.split('\n')
        .filter((line) => line.startsWith('| `')) ?? [];
    const expected = TABLE.types.reduce((sum, { native }) => sum + native.total - native.recoverable, 0);
    expect(rows).toHaveLength(expected);
    for (const row of rows) expect(row).toMatch(/\| [A-Z][^|]+\. \|$|\| [A-Z][^|]+ \|$/);
  });
});

/** Strings of these members are of a closed set. */
const CLOSED = new Set(['kind', 'severity', 'coverage', 'form', 'object']);

function haunted<T>(document: T, words: readonly string[]): T {
  let next = 0;
  const visit = (value: unknown, name: string): unknown => {
    if (typeof value === 'string') return CLOSED.has(name) ? value : (words[next++ % words.length] ?? '');
    if (Array.isArray(value)) return value.map((item) => visit(item, name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([member, item]) => [member, visit(item, member)]));
  };
  return visit(document, '') as T;
}

const hauntedNames = ([name = '']: readonly string[]) => ({ links: { members: [id(1)] }, names: { [id(1)]: name } });

const small: CoverageTable = { ...TABLE, types: TABLE.types.slice(0, 2) };
const outputs: readonly (readonly [string, (words: readonly string[], options: RenderOptions) => string])[] = [
  [
    'object',
    (words, options) =>
      renderShownObject(
        { ...haunted(shownObject({ state: { kind: 'backup', commit: COMMIT } }), words), ...hauntedNames(words) },
        options,
      ),
  ],
  ['backup', (words, options) => renderShownBackup(haunted(shownBackup({ coverage: PARTIAL }), words), options)],
  ['validation', (words, options) => renderValidation(haunted(validation(), words), options)],
  ['coverage table', (words, options) => renderCoverage(haunted(small, words), options)],
];
const words = fc.array(fc.oneof(hostileString, fc.constantFrom('|', '``', '<img src=x>', '@octocat')), {
  minLength: 1,
  maxLength: 20,
});

describe.each(outputs)('a hostile %s', (_, render) => {
  it('prints no control, invisible or reordering character', () => {
    fc.assert(
      fc.property(words, fc.constantFrom(40, 80, 200), (hostile, width) => {
        for (const options of [text(width), MARKDOWN]) {
          expect(render(hostile, options).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is inert as Markdown', () => {
    fc.assert(
      fc.property(words, (hostile) => {
        const output = render(hostile, MARKDOWN).replace(/^(`{3,})yaml\n[\s\S]*?\n\1$/m, '');
        const prose = output.replace(/(?<![`\\])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
        expect(prose).not.toMatch(/[<>]|@(?!&#8203;)|:\/\//);
        for (const table of output.split(/\n{2,}/).filter((block) => block.startsWith('| '))) {
          const cells = table
            .split('\n')
            .filter((line) => line.startsWith('|'))
            .map((line) => line.split(/(?<!\\)\|/).length);
          expect(new Set(cells).size, table).toBe(1);
        }
      }),
      { numRuns: 60 },
    );
  });
});
