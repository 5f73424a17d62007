/* What does not fit in one line of a terminal: keys of edges, names of many roles, credentials. */

import { describe, expect, it } from 'vitest';
import type { ReportedChange } from '../../src/model/documents.js';
import { renderDifference } from '../../src/report/index.js';
import { difference } from './sample-reviews.js';
import { id, key, text } from './samples.js';

const edge = (n: number): string => [id(n), id(50), id(60 + n)].join('_');

/** What is shown of one object at 80 columns, line by line. */
function shown(change: Partial<ReportedChange>, names: Readonly<Record<string, string>> = {}): string[] {
  const object: ReportedChange = {
    object: key('servicePrincipal', 50),
    label: 'Microsoft Graph',
    action: 'links',
    values: [],
    links: [],
    ...change,
  };
  const output = renderDifference(difference({ changes: [object], names }), text(80));
  const lines = output.split('\n');
  return lines.slice(lines.findIndex((line) => line.includes('Microsoft Graph')) + 1, -3).filter((line) => line !== '');
}

describe('edges', () => {
  const numbers = Array.from({ length: 11 }, (_, n) => n + 1);
  const names = Object.fromEntries(numbers.map((n) => [edge(n), `Mail Sync Pro: Role.Number.${n}.ReadWrite.All`]));
  const links = (count: number) => [{ link: 'appRoleAssignment', add: [], remove: numbers.slice(0, count).map(edge) }];

  it('are named in full, with the key on a line of its own', () => {
    expect(shown({ links: links(1) }, names)).toEqual([
      '      appRoleAssignment  − 1',
      '        − Mail Sync Pro: Role.Number.1.ReadWrite.All',
      `            ${edge(1)}`,
    ]);
  });

  it('have a line each when they are several, so that no role is cut', () => {
    expect(shown({ links: links(11) }, names)).toEqual([
      '      appRoleAssignment  − 11',
      ...numbers.map((n) => `        − Mail Sync Pro: Role.Number.${n}.ReadWrite.All`),
    ]);
  });

  it('leave short names in a row', () => {
    const short = Object.fromEntries(numbers.map((n) => [edge(n), `Role ${n}`]));
    expect(shown({ links: links(11) }, short).slice(1)).toEqual([
      '        − Role 1 · Role 2 · Role 3 · Role 4 · Role 5 · Role 6 · Role 7 ·',
      '          Role 8 · Role 9 · Role 10 · Role 11',
    ]);
  });
});

describe('a word that is longer than a line', () => {
  it('begins where it stands', () => {
    const value = { path: 'passwordCredentials', live: [], desired: [], add: [], remove: [{ keyId: 'x'.repeat(90) }] };
    const [path, first] = shown({ action: 'update', values: [value] });
    expect(path).toBe('      passwordCredentials');
    expect(first).toMatch(/^ {8}− \{"keyId":"x+$/);
  });
});
