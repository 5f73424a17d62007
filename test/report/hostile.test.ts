/* Whatever a tenant puts into its strings, what is printed stays in its place. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
import { MARKDOWN, PARTIAL, text } from './samples.js';

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

const holes = { coverage: { desired: PARTIAL, live: PARTIAL } };
const outputs: readonly (readonly [string, (words: readonly string[], options: RenderOptions) => string])[] = [
  ['difference', (words, options) => renderDifference(haunted({ ...badDay(5), ...holes }, words), options)],
  ['plan', (words, options) => renderPlan(haunted({ ...badDayPlan(5), ...holes }, words), options)],
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
