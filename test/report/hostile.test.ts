/* Whatever a tenant puts into its strings, what is printed stays in its place. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/model/plan.js';
import { escapeTerminal } from '../../src/report/escape.js';
import {
  type RenderOptions,
  renderApply,
  renderBackups,
  renderDifference,
  renderPlan,
  renderSnapshot,
} from '../../src/report/index.js';
import { stringWidth } from '../../src/report/width.js';
import { allHostile } from '../support/attacks.js';
import { hostileString } from '../support/hostile.js';
import { markupIn } from '../support/rendered.js';
import { appliedInPart, backups, snapshot } from './sample-results.js';
import { badDay, badDayPlan } from './sample-reviews.js';
import { id, key, MARKDOWN, PARTIAL, text } from './samples.js';

/** What is of a closed set, or checked, wherever a document comes from. */
const CLOSED = new Set(['kind', 'action', 'since', 'severity', 'status', 'phase', 'outcome', 'object']);

/** The document with every other string replaced, names of members of free objects included. */
function haunted<T>(document: T, words: readonly string[]): T {
  let next = 0;
  const word = (): string => words[next++ % words.length] ?? '';
  const visit = (value: unknown, name: string): unknown => {
    if (typeof value === 'string') return CLOSED.has(name) ? value : word();
    if (Array.isArray(value)) return value.map((item) => visit(item, name));
    if (typeof value !== 'object' || value === null) return value;
    const free = name === 'names' || name === 'types' || name === 'objects';
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [free ? word() : key, visit(item, key)]));
  };
  return visit(document, '') as T;
}

/** What the bad day does not have: gaps, a scope, members that are gone for good, a policy that comes back. */
const lost = [1, 2, 3].map((n) => ({
  object: key('group', n),
  label: 'Team',
  path: 'members',
  target: id(n),
  code: 'KG510',
  reason: 'The target was deleted for good.',
  remedy: 'Accept it.',
}));
const holes = {
  coverage: { desired: PARTIAL, live: PARTIAL },
  scope: { types: [], targets: [key('user', 1)], exclude: [key('user', 2)], allowDelete: [] },
  blocked: [...badDay(5).blocked, ...lost],
};
const restored: Action = {
  n: 1,
  phase: 'tighten',
  rank: 3,
  action: 'restore',
  object: key('conditionalAccessPolicy', 500),
  label: 'Policy',
  set: [{ path: 'excludeUsers', desired: [id(1), id(2), 'All'] }],
};
const made = badDayPlan(5);
const outputs: readonly (readonly [string, (words: readonly string[], options: RenderOptions) => string])[] = [
  ['difference', (words, options) => renderDifference(haunted({ ...badDay(5), ...holes }, words), options)],
  [
    'plan',
    (words, options) =>
      renderPlan(haunted({ ...made, ...holes, actions: [...made.actions, restored] }, words), options),
  ],
  ['snapshot', (words, options) => renderSnapshot(haunted(snapshot({ coverage: PARTIAL }), words), options)],
  ['backups', (words, options) => renderBackups(haunted(backups(), words), options)],
  ['apply', (words, options) => renderApply(haunted(appliedInPart(), words), options)],
];

const words = fc.array(
  fc.oneof(
    hostileString,
    fc.constantFrom(...allHostile),
    fc.constantFrom(
      '\u001b]8;;https://evil.example\u0007x',
      '|',
      '``',
      '<img src=x>',
      '@octocat',
      '山田'.repeat(40),
      '1',
    ),
  ),
  { minLength: 1, maxLength: 20 },
);

describe.each(outputs)('a hostile %s', (name, render) => {
  it('prints no control, invisible or reordering character', () => {
    fc.assert(
      fc.property(words, fc.constantFrom(40, 80, 200), (hostile, width) => {
        const lines = render(hostile, text(width)).split('\n');
        expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        expect(lines.at(-1)).toBe('');
        // A blank beyond ASCII may be a name's own.
        const own = (blank: string) => blank > '\u007f' && hostile.some((word) => word.includes(blank));
        expect(lines.filter((line) => /\s$/.test(line) && !own(line.slice(-1)))).toEqual([]);
      }),
    );
  });

  it('stays within the width, but for ids and frozen lines', () => {
    fc.assert(
      fc.property(words, fc.constantFrom(40, 80, 200), (hostile, width) => {
        const free = /^(?:Differences|Plan|Apply|Backup|No changes)|(?:user|group|conditionalAccessPolicy)\/|^\s*[+−] /;
        const ids = new Set(hostile.map((word) => escapeTerminal(word).trim()));
        const long = render(hostile, text(width))
          .split('\n')
          .filter((line) => stringWidth(line) > width && !free.test(line) && !ids.has(line.trim()));
        expect(long).toEqual([]);
      }),
    );
  });

  it('is what it was when its Markdown is rendered', () => {
    fc.assert(
      fc.property(words, (hostile) => {
        expect(markupIn(render(hostile, MARKDOWN), /^(?:Blocked|Failed|Skipped|Refused)\b/)).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  it('is inert as Markdown', () => {
    fc.assert(
      fc.property(words, (hostile) => {
        const output = render(hostile, MARKDOWN);
        expect(output.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        const prose = output.replace(/(?<![`\\])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, '');
        expect(prose.replace(/<\/?(?:details|summary)>|<br>/g, '')).not.toMatch(/[<>]|@(?!&#8203;)|:\/\//);
        const tables = output.split(/\n{2,}/).filter((block) => block.startsWith('| '));
        for (const table of tables) {
          const cells = table
            .split('\n')
            .filter((line) => line.startsWith('|'))
            .map((line) => line.split(/(?<!\\)\|/).length);
          expect(new Set(cells).size, `${name}: ${table}`).toBe(1);
        }
      }),
    );
  });
});
