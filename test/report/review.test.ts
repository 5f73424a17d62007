/* What a review tells, and how much of it. */

import { describe, expect, it } from 'vitest';
import type { ApplyResult, ReportedChange } from '../../src/model/documents.js';
import type { Blocked } from '../../src/model/plan.js';
import { planLine, renderApply, renderDifference, renderPlan } from '../../src/report/index.js';
import { byteLength } from '../../src/report/markdown.js';
import { applied } from './sample-results.js';
import { badDay, badDayPlan, difference, plan } from './sample-reviews.js';
import { CAPTURED, COMMIT, id, key, MARKDOWN, OTHER_COMMIT, PARTIAL, person, text } from './samples.js';

const lastLine = (output: string): string => output.trimEnd().split('\n').at(-1) ?? '';

function update(n: number, values: ReportedChange['values'], type = 'user'): ReportedChange {
  return { object: key(type, n), label: person(n), action: 'update', values, links: [] };
}

function sections(changes: readonly ReportedChange[], width = 80): string {
  const output = renderDifference(difference({ changes }), text(width));
  return output.slice(output.indexOf('\n\n') + 2, output.lastIndexOf('Differences:')).trimEnd();
}

describe('frozen lines', () => {
  const same = difference();
  it.each([
    [renderDifference(same, text()), 'No changes. The live tenant matches 3f2a9c1.'],
    [
      renderDifference({ ...same, live: { kind: 'backup', commit: OTHER_COMMIT, captured: CAPTURED } }, text()),
      'No changes. 8d31f00 matches 3f2a9c1.',
    ],
    [renderPlan(plan(), text()), 'No changes. The live tenant matches 3f2a9c1.'],
    [
      renderPlan({ ...plan(), scope: { ...plan().scope, types: ['organization'] } }, text()),
      'No changes in this scope: there, the live tenant matches 3f2a9c1.',
    ],
    [
      renderDifference({ ...same, scope: { ...same.scope, exclude: [key('user', 1)] } }, text()),
      'No changes in this scope: there, the live tenant matches 3f2a9c1.',
    ],
    [
      renderDifference({ ...same, coverage: { live: PARTIAL } }, text()),
      'No changes in what was read. Whether everything matches 3f2a9c1 is not known.',
    ],
    [
      renderPlan(badDayPlan(), text()),
      'Plan: 1 to restore, 0 to recreate, 4802 to update, 1 to soft-delete; 12 links to add, 1 to remove. 3 blocked, 7 kept.',
    ],
    [
      renderDifference(badDay(), text(20)),
      'Differences: 2 to restore, 0 to recreate, 4802 to update, 1 to soft-delete; 12 links to add, 1 to remove. 3 blocked, 7 kept.',
    ],
    [
      renderApply(applied(), text()),
      'Apply complete! 2 restored, 0 recreated, 4800 updated, 0 soft-deleted; 12 links added, 3 removed. 0 failed, 0 skipped.',
    ],
  ])('ends with its line', (output, line) => {
    expect(lastLine(output)).toBe(line);
  });

  it('are whole in every width, and come first in Markdown', () => {
    expect(renderPlan(badDayPlan(), text(40))).toContain(planLine(badDayPlan().summary));
    expect(renderPlan(badDayPlan(), MARKDOWN).split('\n')[0]).toBe(`**${planLine(badDayPlan().summary)}**`);
  });

  it.each([
    ['incomplete', 'Apply incomplete. 2 restored,'],
    ['stale', 'Nothing was applied: the plan is stale. 2 restored,'],
    ['interrupted', 'Apply interrupted. 2 restored,'],
  ] as const)('of an apply that was %s', (status, words) => {
    const output = renderApply(applied({ status }), text(), plan());
    expect(output).toContain(`\n${words}`);
    expect(lastLine(output)).toBe('For a new plan of what is left, type: knowngood plan --to 3f2a9c1 -o FILE');
  });

  it('asks for no new plan where everything that was planned is there already', () => {
    const left = {
      n: 1,
      object: key('user', 1),
      label: 'Ada',
      action: 'update',
      outcome: 'skipped',
      reason: 'x',
    } as const;
    const there = { ...left, alreadyThere: true } as const;
    const last = (results: ApplyResult['results']) =>
      lastLine(renderApply(applied({ status: 'stale', results }), text(), plan()));
    expect(last([there, there])).toBe('Nothing was left to do: everything planned is there already.');
    expect(last([there, left])).toBe('For a new plan of what is left, type: knowngood plan --to 3f2a9c1 -o FILE');
  });

  it('says what is kept before it says that nothing changed', () => {
    const kept = [{ object: key('user', 1), label: 'Ada', since: 'created' as const }];
    const output = renderDifference(difference({ kept }), text());
    expect(output).toContain(
      `  1 user created since\n      Ada  ${key('user', 1)}\n  Use --allow-delete (or --allow-delete-type user)`,
    );
    expect(lastLine(output)).toBe('No changes. The live tenant matches 3f2a9c1.');
  });

  const ONE = 'is still there: it is kept, and no change. To plan its deletion: --allow-delete.';
  const MANY = 'are still there: they are kept, and no change. To plan their deletion: --allow-delete.';
  it.each([
    [['created'], `1 object that the backup does not hold ${ONE}`],
    [['created', 'created'], `2 objects that the backup does not hold ${MANY}`],
    [['restored'], `1 object that was in the recycle bin at the backup ${ONE}`],
    [
      ['created', 'restored'],
      `2 objects that the backup does not hold or that were in the recycle bin at the backup ${MANY}`,
    ],
  ] as const)('stands directly below what is still there: %j', (sinces, line) => {
    const kept = sinces.map((since, n) => ({ object: key('user', n), label: 'Ada', since }));
    for (const output of [
      renderDifference(difference({ kept }), text(200)),
      renderPlan(plan({ kept }), text(200)),
      renderPlan(plan({ kept, scope: { ...plan().scope, types: ['user'] } }), text(200)),
    ]) {
      expect(output.trimEnd().split('\n').slice(-3)).toEqual(['', line, expect.stringMatching(/^No changes/)]);
    }
    const [first, , second] = renderDifference(difference({ kept }), MARKDOWN).split('\n');
    expect([first, second]).toEqual([`**${line}**`, '**No changes. The live tenant matches 3f2a9c1.**']);
    expect(renderDifference(difference({ kept }), text(200, { color: true }))).toContain(
      `\u001b[33m\u001b[1m${line}\u001b[22m\u001b[39m\n`,
    );
  });

  it('stands alone where nothing is kept, or something is to be done', () => {
    expect(renderDifference(difference(), text())).not.toContain('still there');
    expect(renderDifference(badDay(), text())).not.toContain('still there');
    expect(renderPlan(badDayPlan(), MARKDOWN)).not.toContain('still there');
  });

  it('does not say so when something is blocked', () => {
    const { blocked } = badDay();
    expect(lastLine(renderDifference(difference({ blocked }), text()))).toMatch(/^Differences: /);
    expect(lastLine(renderPlan(plan({ blocked }), text()))).toMatch(/^Plan: /);
  });
});

describe('grouping', () => {
  const enabled = { path: 'accountEnabled', live: false, desired: true };

  it('tells the same change of several objects once, apart from other types and other values', () => {
    const changes = [
      ...[1, 2].map((n) => update(n, [enabled])),
      update(3, [{ ...enabled, live: true, desired: false }]),
      ...[4, 5].map((n) => update(n, [enabled], 'device')),
    ];
    const output = sections(changes);
    expect(output).toContain('2 users: accountEnabled true ← false');
    expect(output).toContain('2 devices: accountEnabled true ← false');
    expect(output).toContain(`${person(3)}  ${key('user', 3)}\n      accountEnabled  false ← true`);
  });

  it('folds many different changes of the same properties', () => {
    const changes = Array.from({ length: 40 }, (_, n) =>
      update(n, [{ path: 'department', live: 'X', desired: `D${n}` }]),
    );
    const output = sections(changes);
    expect(output).toContain('  40 users: department, different for each\n      Ada Dijkstra      D20 ← X\n');
    expect(output).toContain('      and 20 more (--json lists all)');
  });

  it('never hides a single one', () => {
    const changes = (count: number) =>
      Array.from({ length: count }, (_, n) => update(n, [{ path: 'department', live: 'X', desired: `D${n}` }]));
    expect(sections(changes(21))).not.toContain('more (');
    expect(sections(changes(22))).toContain('      and 2 more (--json lists all)');
    const restores = (count: number) => changes(count).map((change) => ({ ...change, action: 'restore' as const }));
    expect(sections(restores(21))).not.toContain('more (');
    expect(sections(restores(22))).toContain('      and 2 more (--json lists all)');
  });

  it('keeps large groups apart from what is folded', () => {
    const changes = [
      ...Array.from({ length: 9 }, (_, n) => update(n, [{ path: 'department', live: 'X', desired: `D${n}` }])),
      ...Array.from({ length: 20 }, (_, n) => update(n + 20, [{ path: 'department', live: 'X', desired: 'Sales' }])),
    ];
    const output = sections(changes);
    expect(output).toContain('9 users: department, different for each');
    expect(output).toContain('20 users: department Sales ← X');
  });

  it('shows no more groups than asked for', () => {
    const changes = Array.from({ length: 9 }, (_, n) => update(n, [{ path: `p${n}`, live: 1, desired: 2 }]));
    const output = renderDifference(difference({ changes }), text(80, { maxGroups: 4 }));
    expect(output).toContain('  and 5 more objects (--json lists all)');
    expect(output).not.toContain('p5');
  });

  it('lists restores and soft-deletes with their ids', () => {
    const of = (action: 'restore' | 'soft-delete') =>
      Array.from({ length: 22 }, (_, n) => ({ ...update(n, []), action }));
    for (const action of ['restore', 'soft-delete'] as const) {
      const output = sections(of(action));
      expect(output).toContain(`  22 users\n      Ada Dijkstra       ${key('user', 20)}\n`);
      expect(output).toContain('      and 2 more (--json lists all)');
    }
  });

  it('tells many blocked differences with a reason each as one', () => {
    const blocked = Array.from(
      { length: 30 },
      (_, n): Blocked => ({
        object: key('group', n),
        label: `Team ${n}`,
        path: 'members',
        code: 'KG510',
        reason: `Ada ${n} was deleted for good.`,
        remedy: 'Bring the target back first.',
      }),
    );
    const output = renderDifference(difference({ blocked }), text());
    expect(output).toContain('KG510: 30 reasons of one kind, such as: Ada 0 was deleted for good.');
    expect(output).toContain('    30 groups: members\n');
  });

  it('counts an object with several blocked links once', () => {
    const blocked = Array.from(
      { length: 12 },
      (_, n): Blocked => ({
        object: key('group', n % 4),
        label: `Team ${n % 4}`,
        path: 'members',
        code: 'KG510',
        reason: 'Ada was deleted for good.',
        remedy: 'Bring the target back first.',
      }),
    );
    const output = renderDifference(difference({ blocked }), text());
    expect(output).toContain('Blocked: 12 differences');
    expect(output).toContain('KG510: Ada was deleted for good. (12 differences)\n');
    expect(output).toContain('    4 groups: members\n');
    expect(renderDifference(difference({ blocked }), MARKDOWN)).toContain('**4 groups**');
  });
});

describe('values', () => {
  const shown = (values: ReportedChange['values'], width = 80): string =>
    sections([update(1, values)], width)
      .split('\n')
      .slice(5)
      .map((line) => line.slice(6))
      .join('\n');

  it('are told apart from words that look like them', () => {
    const pairs = [
      ['true', true],
      ['null', null],
      ['12', 12],
      ['', []],
      ['(empty)', {}],
      [' a', 'a'],
    ] as const;
    const values = pairs.map(([desired, live], n) => ({ path: `p${n}`, desired, live }));
    expect(shown(values)).toBe(
      [
        'p0  "true" ← true',
        'p1  "null" ← (empty)',
        'p2  "12" ← 12',
        'p3  "" ← (empty)',
        'p4  "(empty)" ← {}',
        'p5  " a" ← a',
      ].join('\n'),
    );
  });

  it('of a member that one side does not have are empty there', () => {
    expect(shown([{ path: 'a.b', live: 1 }])).toBe('a.b  (empty) ← 1');
    expect(shown([{ path: 'a.b', desired: 1 }])).toBe('a.b  1 ← (empty)');
  });

  it('that are long are shortened to what differs, and what stands next to it', () => {
    const same = 'x'.repeat(1000);
    expect(shown([{ path: 'p', live: `${same}A`, desired: `${same}B` }])).toBe(
      `p\n  desired  …${'x'.repeat(16)}B\n  live     …${'x'.repeat(16)}A`,
    );
  });

  it('are whole up to a thousand characters, in lines that end between words', () => {
    const rule = (country: string, word: string) =>
      `(user.country -eq "${country}") and (user.accountEnabled -eq true) and (user.department -eq "Research") ${word} (user.city -ne "Oslo")`;
    expect(shown([{ path: 'rule', live: rule('FR', 'or'), desired: rule('DE', 'and') }])).toBe(
      'rule\n' +
        '  desired  (user.country -eq "DE") and (user.accountEnabled -eq true) and\n' +
        '    (user.department -eq "Research") and (user.city -ne "Oslo")\n' +
        '  live     (user.country -eq "FR") and (user.accountEnabled -eq true) and\n' +
        '    (user.department -eq "Research") or (user.city -ne "Oslo")',
    );
    const long = 'y'.repeat(1000);
    expect(shown([{ path: 'p', add: [long] }], 2000)).toBe(`p  + ${long}`);
    expect(shown([{ path: 'p', add: [`${long}zz`] }], 2000)).toBe(
      `p  + ${long}… and 2 more characters (--json lists all)`,
    );
  });

  it('that are read from right to left have a line each: side by side they would swap', () => {
    expect(shown([{ path: 'p', live: 'שלום', desired: 'אבג' }])).toBe('p\n  desired  אבג\n  live     שלום');
  });

  it('in sets name what comes back and what goes, and stop after twenty', () => {
    expect(shown([{ path: 'p', add: ['a'], remove: [] }])).toBe('p  + a');
    const many = Array.from({ length: 22 }, (_, n) => n);
    const output = shown([{ path: 'p', add: many, remove: ['z'] }]);
    expect(output).toContain('p\n  + 0\n  + 1\n');
    expect(output).toContain('  + 19\n  − z\n  and 2 more (--json lists all)');
  });

  it('name ids wherever they stand', () => {
    const names = JSON.parse(`{"${id(1)}": "Ada", "__proto__": "nobody"}`) as Record<string, string>;
    const changes = [
      update(1, [{ path: 'p', live: id(1).toUpperCase(), desired: { owner: id(1), other: 'toString' } }]),
    ];
    const output = renderDifference(difference({ changes, names }), text(200));
    expect(output).toContain(`${id(1).toUpperCase()} (Ada)`);
    expect(output).toContain(`{"owner":"${id(1)} (Ada)","other":"toString"}`);
  });
});

describe('the head', () => {
  it('names commits that are no backups, and the scope', () => {
    const scope = { types: ['group'], targets: [key('user', 1)], exclude: [], allowDelete: ['*'] };
    const desired = { kind: 'commit' as const, commit: COMMIT };
    const output = renderDifference(difference({ desired, scope }), text(200));
    expect(output).toContain('Comparing the live tenant with commit 3f2a9c1\n');
    expect(output).toContain(`Scope: only group; only ${key('user', 1)}; soft-deletes are allowed.\n`);
  });

  it('leaves out findings that only repeat a gap, and no others', () => {
    const [gap] = PARTIAL.gaps;
    const repeated = { code: 'KG602', severity: 'warning' as const, message: `Backup: ${gap?.what}: ${gap?.reason}` };
    const other = { code: 'KG601', severity: 'note' as const, message: 'Ada could not be read.' };
    const output = renderDifference(
      difference({ coverage: { desired: PARTIAL }, problems: [repeated, other, other] }),
      text(),
    );
    expect(output).not.toContain('KG602');
    expect(output.match(/Note KG601: Ada could not be read\./g)).toHaveLength(1);
    expect(output.indexOf('INCOMPLETE')).toBeLessThan(output.indexOf('KG601'));
    expect(renderDifference(difference({ problems: [repeated] }), text())).toContain('KG602');
  });
});

describe('colour', () => {
  it('changes nothing but colour', () => {
    const plain = renderPlan(badDayPlan(), text(100));
    const coloured = renderPlan(badDayPlan(), text(100, { color: true }));
    expect(coloured).not.toBe(plain);
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain);
    expect(coloured).toContain('true\u001b[39m\u001b[2m ← \u001b[22m\u001b[31mfalse');
  });
});

describe('the budget of Markdown', () => {
  const changes = [
    ...Array.from({ length: 3000 }, (_, n) => update(n, [{ path: `p${n}`, live: 'x'.repeat(50), desired: n }])),
    { ...update(1, []), action: 'links' as const, links: [{ link: 'members', add: [id(1)], remove: [] }] },
  ];

  it.each([8_000, 20_000, 60_000])('of %i bytes is kept, and what is left out is counted', (maxBytes) => {
    const output = renderDifference(difference({ changes }), { ...MARKDOWN, maxBytes });
    expect(byteLength(output)).toBe(new TextEncoder().encode(output).length);
    expect(byteLength(output)).toBeLessThanOrEqual(maxBytes);
    const hidden = /\n([\d,]+) more entries are in the report/.exec(output)?.[1] ?? '';
    const rows = output.match(/\| `p\d+` \|/g) ?? [];
    expect(rows.length + Number(hidden.replace(',', ''))).toBe(3000);
  });

  it('never hides a short part behind a long one', () => {
    const output = renderDifference(difference({ changes }), { ...MARKDOWN, maxBytes: 8_000 });
    expect(output).toContain('`members`');
  });

  it('says where the rest of a plan is', () => {
    const actions = badDayPlan(1).actions.flatMap((action) =>
      action.action === 'update'
        ? Array.from({ length: 500 }, (_, n) => ({ ...action, set: [{ path: `p${n}`, live: 1, desired: 2 }] }))
        : [action],
    );
    expect(renderPlan(plan({ actions }), { ...MARKDOWN, maxBytes: 8_000 })).toMatch(
      /\n[\d,]+ more entries are in the plan file\.\n/,
    );
  });
});
