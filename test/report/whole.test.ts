/* What people approve, or have to do by hand, is shown whole; where it is not, it says where the rest is. */

import { describe, expect, it } from 'vitest';
import type { ReportedChange } from '../../src/model/documents.js';
import type { Action, Blocked } from '../../src/model/plan.js';
import { differenceCsv, planCsv, type RenderOptions, renderDifference, renderPlan } from '../../src/report/index.js';
import { fitParts } from '../../src/report/markdown.js';
import { parseCsv } from './parse-csv.js';
import { badDay, badDayPlan, difference, plan } from './sample-reviews.js';
import { id, key, MARKDOWN, PARTIAL, person, text } from './samples.js';

const emergency = (n: number) => `emergency${n}@contoso.com`;
const names = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [id(n), emergency(n)]));

function restored(exclusions: number): Action {
  return {
    n: 1,
    phase: 'tighten',
    rank: 3,
    action: 'restore',
    object: key('conditionalAccessPolicy', 500),
    label: 'Require multi-factor authentication',
    set: [
      { path: 'state', desired: 'enabled' },
      { path: 'excludeUsers', desired: Array.from({ length: exclusions }, (_, n) => id(n)) },
    ],
  };
}

describe('a list of a restored policy', () => {
  const shown = (exclusions: number, options: RenderOptions) =>
    renderPlan(plan({ actions: [restored(exclusions)], names }), options);

  it('has a line for every item', () => {
    expect(shown(3, text(80))).toContain(
      `      state         enabled\n      excludeUsers\n${[0, 1, 2].map((n) => `        ${id(n)} (${emergency(n)})\n`).join('')}`,
    );
    expect(shown(3, MARKDOWN)).toContain(
      `| \`excludeUsers\` | ${[0, 1, 2].map((n) => `\`${id(n)} (${emergency(n)})\``).join('<br>')} |`,
    );
  });

  it('ends after twenty, and says where the others are', () => {
    expect(shown(21, text(80))).not.toContain(' more');
    expect(shown(22, text(80))).toContain(
      `        ${id(19)} (${emergency(19)})\n        and 2 more (the plan file lists all)\n`,
    );
    expect(shown(22, MARKDOWN)).toContain(`\`${id(19)} (${emergency(19)})\`, and 2 more (in the plan file) |`);
  });
});

describe('nothing that is not long is cut', () => {
  const scope = 'Directory.AccessAsUser.All Mail.ReadWrite Tasks.ReadWrite User.Read offline_access';
  const change: ReportedChange = {
    object: key('oauth2PermissionGrant', 1),
    label: `Albatross Portal: ${scope}`,
    action: 'update',
    values: [{ path: 'scope', live: scope, desired: 'Tasks.ReadWrite User.Read offline_access' }],
    links: [{ link: 'members', add: [], remove: Array.from({ length: 11 }, (_, n) => id(n)) }],
  };
  const report = difference({ changes: [change], names });

  it.each([40, 80, 200])('at %i columns', (width) => {
    const output = renderDifference(report, text(width));
    expect(output).not.toContain('…');
    const flat = output.replace(/\s+/g, '');
    const values = ['Tasks.ReadWrite User.Read offline_access', scope].map((value) => value.replaceAll(' ', ''));
    expect(flat).toContain(values.join(width > 100 ? '←' : 'live'));
    expect(flat).toContain(change.label.replaceAll(' ', ''));
    for (let n = 0; n < 11; n++) expect(flat).toContain(emergency(n));
  });

  it('in Markdown', () => {
    const output = renderDifference(report, MARKDOWN);
    expect(output).not.toContain('…');
    expect(output).toContain(`| \`Tasks.ReadWrite User.Read offline_access\` | \`${scope}\` |`);
  });

  it('nor the word that says how much is, where nothing of it shows', () => {
    const hidden = { ...change, values: [{ path: 'p', add: ['\u200b'.repeat(900)] }] };
    expect(renderDifference(difference({ changes: [hidden] }), MARKDOWN)).toMatch(
      /… and 6200 more characters \(in the report, by --json\)` \|/,
    );
  });

  it('nor a name beside its id', () => {
    const label = 'Conditional Access – exclusions of everybody who travels';
    const changes = [1, 2].map((n) => ({ ...change, object: key('group', n), label, action: 'soft-delete' as const }));
    const output = renderDifference(difference({ changes }), text(80));
    expect(output).toContain(`      ${label}\n${' '.repeat(38)}${key('group', 1)}\n`);
  });
});

describe('where not all is shown', () => {
  /** Of different people, so that no two groups have lost the same. */
  const emptied = (n: number, members: number): ReportedChange => ({
    object: key('group', n),
    label: `Team ${String.fromCharCode(90 - n)}`,
    action: 'links',
    values: [],
    links: [{ link: 'members', add: Array.from({ length: members }, (_, m) => id(n * 100 + m)), remove: [] }],
  });

  it('what changes most comes first, then names in order', () => {
    const changes = Array.from({ length: 24 }, (_, n) => emptied(n, n === 0 ? 30 : n === 5 ? 7 : 3));
    for (const options of [text(80), MARKDOWN]) {
      const output = renderDifference(difference({ changes }), options);
      const order = [...output.matchAll(/Team (\w)/g)].map(([, letter]) => letter);
      expect(order.join('')).toBe('ZUCDEFGHIJKLMNOPQRST');
      expect(output).toMatch(/and 4 more \(/);
    }
  });

  const outputs: readonly (readonly [string, string])[] = [40, 80, 200].flatMap(
    (width): (readonly [string, string])[] => [
      ['a report', renderDifference({ ...badDay(), coverage: { live: PARTIAL } }, text(width))],
      ['a plan', renderPlan(badDayPlan(), text(width))],
    ],
  );
  const inMarkdown: readonly (readonly [string, string])[] = [
    ['a report in Markdown', renderDifference(badDay(), MARKDOWN)],
    ['a plan in Markdown', renderPlan(badDayPlan(), MARKDOWN)],
  ];
  it.each([...outputs, ...inMarkdown])('%s says every time where the rest is', (_, output) => {
    const flat = output.replace(/\s+/g, ' ');
    expect(flat.match(/\band [\d,]+ more\b/g)).not.toBeNull();
    expect(flat.match(/\band [\d,]+ more\b(?! \()/g)).toBeNull();
  });

  it('a plan that is in no file does not send people to its file', () => {
    const unsaved = renderPlan(badDayPlan(), text(80, { saved: false }));
    expect(unsaved).toContain('      and 4,788 more (--json lists all, -o FILE keeps all)\n');
    expect(unsaved).not.toContain('plan file');
    expect(renderPlan(badDayPlan(), text(80, { saved: true }))).toContain('more (the plan file lists all)\n');
    const markdown = renderPlan(badDayPlan(), { ...MARKDOWN, saved: false });
    expect(markdown).toContain('more (in the plan, by --json)');
    expect(markdown).not.toContain('plan file');
  });

  it('a row that is too long for the page does not hide the rows after it', () => {
    const more = (hidden: number) => `${hidden} more`;
    const part = { open: '', rows: ['a\n', 'b'.repeat(90), 'c\n'], close: '', more };
    expect(fitParts([part], 50)).toBe('a\nc\n1 more');
  });
});

describe('what is left to a person', () => {
  const gone = (n: number): Blocked => ({
    object: key('user', n),
    label: person(n),
    code: 'KG502',
    reason: 'It was deleted for good: it is no longer in the recycle bin.',
    remedy: 'Create it again by hand from its file in the backup; it gets a new id.',
  });
  const lost = (n: number, targets: readonly number[]): Blocked[] =>
    targets.map((target) => ({
      object: key('group', n),
      label: `Team ${n}`,
      path: 'members',
      target: id(target),
      code: 'KG510',
      reason: 'The target was deleted for good.',
      remedy: 'Accept it, or link what has taken its place by hand.',
    }));

  it('has its ids, all of them up to a hundred', () => {
    const told = (count: number, options: RenderOptions) =>
      renderPlan(plan({ blocked: Array.from({ length: count }, (_, n) => gone(n)) }), options);
    for (const options of [text(80), MARKDOWN]) {
      for (let n = 0; n < 100; n++) expect(told(100, options)).toContain(key('user', n));
      expect(told(100, options)).not.toContain(' more (');
      expect(told(150, options)).toContain('and 50 more (');
    }
  });

  it('has what to type to see its file', () => {
    const told = (blocked: readonly Blocked[], options: RenderOptions) => renderPlan(plan({ blocked }), options);
    const command = `knowngood show 3f2a9c1 ${key('user', 1)}`;
    expect(told([gone(1)], text(80))).toContain(`    To see the file, type:\n      ${command}\n`);
    expect(told([gone(1), gone(2)], text(80))).toContain(
      `    To see the file of each, by its TYPE/ID, type:\n      ${command}\n`,
    );
    expect(told([gone(1), gone(2)], MARKDOWN)).toContain(`by its TYPE/ID, type: \`${command}\`\n`);
    expect(told(lost(1, [2]), text(80))).not.toContain('knowngood show');
    const forged = { ...gone(1), object: 'user/$(id)' as const };
    expect(told([forged], text(80))).toContain('knowngood show 3f2a9c1 TYPE/ID\n');
  });

  it('names what each object has lost', () => {
    const blocked = [...lost(1, [1, 2]), ...lost(2, [2])];
    const output = renderDifference(difference({ blocked, names }), text(80));
    expect(output).toContain('KG510: The target was deleted for good. (3 differences)\n');
    expect(output).toContain(
      `        members  2 cannot be linked\n          ${emergency(1)}  ${id(1)}\n          ${emergency(2)}  ${id(2)}\n`,
    );
    expect(output).not.toContain('+ comes back');
    const markdown = renderDifference(difference({ blocked, names }), MARKDOWN);
    expect(markdown).toContain(
      `\`members\` | cannot be linked, 2: \`${emergency(1)}\` \`${id(1)}\`<br>\`${emergency(2)}\` \`${id(2)}\` |`,
    );
  });

  it('counts what several objects have lost', () => {
    const blocked = Array.from({ length: 8 }, (_, n) => lost(n, [n, n + 1])).flat();
    expect(renderDifference(difference({ blocked }), text(80))).toContain(
      '    8 groups: members, different for each (16 cannot be linked)\n',
    );
  });

  it('has the target in its row of a spreadsheet', () => {
    const told = (csv: string) => {
      const [columns = [], row = []] = parseCsv(csv);
      return ['path', 'target', 'name'].map((column) => row[columns.indexOf(column)]);
    };
    const blocked = lost(1, [2]);
    expect(told(differenceCsv(difference({ blocked, names })))).toEqual(['members', id(2), emergency(2)]);
    expect(told(planCsv(plan({ blocked, names })))).toEqual(['members', id(2), emergency(2)]);
  });
});

describe('the scope', () => {
  const told = (count: number, options: RenderOptions) => {
    const targets = Array.from({ length: count }, (_, n) => key('user', n));
    const scope = { types: [], targets, exclude: [key('group', 3), key('group', 99)], allowDelete: [] };
    return renderPlan(plan({ scope, names }), options).replace(/\s+/g, ' ');
  };

  it('names the objects', () => {
    const exclude = (mark: string) =>
      `${mark}${key('group', 3)}${mark} (${emergency(3)}), ${mark}${key('group', 99)}${mark}.`;
    expect(told(1, text(80))).toContain(`Scope: only ${key('user', 0)} (${emergency(0)}); without ${exclude('')}`);
    const markdown = told(1, MARKDOWN).replaceAll('@&#8203;', '@');
    expect(markdown).toContain(`Scope: only \`${key('user', 0)}\` (${emergency(0)}); without ${exclude('`')}`);
  });

  it('names twenty of them, and of more says where they are', () => {
    for (let n = 0; n < 20; n++) expect(told(20, text(80))).toContain(`${key('user', n)} (${emergency(n)})`);
    expect(told(21, text(80))).toContain(
      'Scope: only 21 objects that were asked for (the plan file lists all); without',
    );
  });
});
