/** What the sample documents are made of. */

import type { Coverage } from '../../src/model/coverage.js';
import type { ObjectKey } from '../../src/model/object.js';
import type { RenderOptions } from '../../src/report/index.js';

export const NOW = new Date('2026-11-20T14:35:00Z');
export const TENANT = '5d1b0f8a-1c2e-4f0e-9a53-2b7c1d0e4f6a';
export const COMMIT = '3f2a9c1d4b5e6f708192a3b4c5d6e7f8091a2b3c';
export const OTHER_COMMIT = '8d31f00a4b5e6f708192a3b4c5d6e7f8091a2b3c';
export const CAPTURED = { start: '2026-11-18T13:58:10Z', end: '2026-11-18T14:00:20Z' };
export const LIVE_CAPTURED = { start: '2026-11-20T14:31:00Z', end: '2026-11-20T14:32:40Z' };

export function text(width = 80, more: Partial<RenderOptions> = {}): RenderOptions {
  return { format: 'text', now: NOW, color: false, width, ...more };
}

export const MARKDOWN: RenderOptions = { format: 'markdown', now: NOW, color: false, width: 80 };

const FIRST = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Alan', 'Frances', 'Ken', 'Radia', 'Linus', 'Margaret'];
const LAST = ['Lovelace', 'Hopper', 'Dijkstra', 'Liskov', 'Turing', 'Allen', 'Thompson', 'Perlman', 'Hamilton'];

export function id(n: number): string {
  return `${n.toString(16).padStart(8, '0')}-1c2e-4f0e-9a53-2b7c1d0e4f6a`;
}

export function person(n: number): string {
  return `${FIRST[n % FIRST.length]} ${LAST[Math.floor(n / FIRST.length) % LAST.length]}`;
}

export function key(type: string, n: number): ObjectKey {
  return `${type}/${id(n)}`;
}

export const COMPLETE: Coverage = { types: { user: 6012, group: 310 }, gaps: [], unrecognised: [] };

export const PARTIAL: Coverage = {
  types: { user: 6012, group: 310 },
  gaps: [
    {
      what: 'group.members',
      status: 'partial',
      reason: '403 Forbidden: Insufficient privileges to complete the operation.',
      objects: 12,
      keptFrom: '2026-11-15T14:00:00Z',
    },
    { what: 'namedLocation', status: 'not-collected', reason: '503 Service Unavailable' },
  ],
  unrecognised: [{ object: key('conditionalAccessPolicy', 9), paths: ['conditions.agents'] }],
};
