/** What small incidents are made of: people, groups, and requests that must be taken. */

import type { Json } from '../../src/model/json.js';
import type { Scope } from '../../src/model/plan.js';
import type { SeedObject } from '../../src/sandbox/seed.js';
import type { PlainHttp } from './plain-http.js';
import { idAt } from './small-tenants.js';

export interface Incident {
  readonly name: string;
  readonly objects: readonly SeedObject[];
  readonly scope: Scope;
  readonly damage: (http: PlainHttp) => Promise<void>;
  /** Kinds of actions that the plan has, as `action type` or `action link`. */
  readonly actions: readonly string[];
}

export const user = (index: number): string => idAt('user', index);
export const group = (index: number): string => idAt('group', index);

export const EVERYTHING: Scope = { types: [], targets: [], exclude: [], allowDelete: [] };
export const directoryObject = (id: string) => ({
  '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}`,
});
export const upTo = (count: number, at: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => at(index));

export const person = (index: number): SeedObject => ({
  collection: 'users',
  object: {
    id: user(index),
    displayName: `User ${index}`,
    mailNickname: `user${index}`,
    userPrincipalName: `u${index}@contoso.com`,
    accountEnabled: true,
    userType: 'Member',
    department: 'Sales',
    createdDateTime: '2026-01-01T00:00:00Z',
  },
});

export const team = (index: number, members: readonly string[]): SeedObject => ({
  collection: 'groups',
  object: {
    id: group(index),
    displayName: `Group ${index}`,
    mailNickname: `group${index}`,
    groupTypes: [],
    mailEnabled: false,
    securityEnabled: true,
  },
  members,
});

/** Every request of the damage must be taken. */
export async function all(
  http: PlainHttp,
  ...requests: readonly [method: string, path: string, body?: Json][]
): Promise<Json[]> {
  const bodies: Json[] = [];
  for (const [method, path, body] of requests) {
    const answer = await http.call(method, path, body);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    bodies.push(answer.body);
  }
  return bodies;
}
