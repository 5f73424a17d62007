/** Carries out damage to a sandbox tenant over plain HTTP, as an administrator or a script would. */

import { isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import type { SeedObject } from '../../src/sandbox/seed.js';
import type { PlainHttp } from './plain-http.js';
import type { Damage, Kind, Target } from './small-tenants.js';

interface Known {
  readonly id: string;
  /** `@odata.type`, which requests for named locations must carry. */
  readonly variant: Json | undefined;
}

/** One request that was made, in one line. */
export type DamageLog = string[];

const PATHS: Readonly<Record<Kind, { readonly live: string; readonly bin: string }>> = {
  user: { live: '/users', bin: '/directory/deletedItems' },
  group: { live: '/groups', bin: '/directory/deletedItems' },
  policy: { live: '/identity/conditionalAccess/policies', bin: '/identity/conditionalAccess/deletedItems/policies' },
  location: {
    live: '/identity/conditionalAccess/namedLocations',
    bin: '/identity/conditionalAccess/deletedItems/namedLocations',
  },
};
const KINDS = { users: 'user', groups: 'group', policies: 'policy', namedLocations: 'location' } as const;

export interface Vandal {
  readonly log: DamageLog;
  /** Properties that were changed, as `kind.property`. */
  readonly changed: ReadonlySet<string>;
  /** What was done and not refused, by `op`. */
  readonly done: ReadonlyMap<string, number>;
  damage(act: Damage): Promise<void>;
}

/** Damages the tenant that was made of these objects. What Graph refuses is left out. */
export function vandal(http: PlainHttp, objects: readonly SeedObject[]): Vandal {
  const known: Record<Kind, Known[]> = { user: [], group: [], policy: [], location: [] };
  const remember = (kind: Kind, object: Readonly<Record<string, unknown>>) =>
    known[kind].push({ id: String(object.id), variant: object['@odata.type'] as Json | undefined });
  for (const { collection, object } of objects) remember(KINDS[collection], object);
  const log: DamageLog = [];
  const changed = new Set<string>();
  const done = new Map<string, number>();
  const find = ({ kind, at }: Target): Known | undefined => known[kind][at % Math.max(1, known[kind].length)];
  const send = async (op: string, method: string, path: string, body?: Json) => {
    const answer = await http.call(method, path, body);
    log.push(`${method} ${path} ${body === undefined ? '' : JSON.stringify(body)} → ${answer.status}`);
    const good = answer.status < 300;
    if (good) done.set(op, (done.get(op) ?? 0) + 1);
    return { good, body: answer.body };
  };
  const set = async (op: string, { kind }: Target, { id, variant }: Known, values: JsonObject): Promise<boolean> => {
    const body = { ...(variant === undefined ? {} : { '@odata.type': variant }), ...values };
    const { good } = await send(op, 'PATCH', `${PATHS[kind].live}/${id}`, body);
    if (good) for (const name of Object.keys(values)) changed.add(`${kind}.${name}`);
    return good;
  };
  const nameOf = async (user: Known): Promise<string> => {
    const { body } = await http.call('GET', `/users/${user.id}?$select=userPrincipalName`);
    return isJsonObject(body) && typeof body.userPrincipalName === 'string' ? body.userPrincipalName : '';
  };
  const rename = (op: string, user: Known, name: string) =>
    set(op, { kind: 'user', at: 0 }, user, { userPrincipalName: name });
  const act = async (damage: Damage): Promise<void> => {
    if (damage.op === 'create') {
      const { good, body } = await send('create', 'POST', PATHS[damage.kind].live, damage.values);
      if (good && isJsonObject(body)) remember(damage.kind, body);
      return;
    }
    const target = find(damage.target);
    if (target === undefined) return;
    const { live, bin } = PATHS[damage.target.kind];
    switch (damage.op) {
      case 'set':
        if (await set('set', damage.target, target, damage.values)) return;
        // One refused value keeps the others from being written.
        for (const [name, value] of Object.entries(damage.values))
          await set('set', damage.target, target, { [name]: value });
        return;
      case 'delete':
        await send('delete', 'DELETE', `${live}/${target.id}`);
        return;
      case 'restore':
        await send('restore', 'POST', `${bin}/${target.id}/restore`);
        return;
      case 'purge':
        await send('purge', 'DELETE', `${bin}/${target.id}`);
        return;
      case 'link':
      case 'unlink': {
        const member = find(damage.member);
        if (member === undefined) return;
        const reference = { '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${member.id}` };
        if (damage.op === 'link') await send('link', 'POST', `${live}/${target.id}/members/$ref`, reference);
        else await send('unlink', 'DELETE', `${live}/${target.id}/members/${member.id}/$ref`);
        return;
      }
      case 'take-name':
      case 'swap-names': {
        const other = find(damage.other);
        if (other === undefined || other.id === target.id) return;
        const [mine, theirs] = [await nameOf(target), await nameOf(other)];
        if (mine === '' || theirs === '' || !(await rename(damage.op, target, `gone${log.length}@contoso.com`))) return;
        await rename(damage.op, other, mine);
        if (damage.op === 'swap-names') await rename(damage.op, target, theirs);
      }
    }
  };
  return { log, changed, done, damage: act };
}
