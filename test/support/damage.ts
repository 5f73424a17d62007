/** Carries out damage to a sandbox tenant over plain HTTP, as an administrator or a script would. */

import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/model/json.js';
import { missingFixtures } from '../../src/sandbox/fixtures.js';
import type { TenantSeed } from '../../src/sandbox/seed.js';
import type { Kind } from './kinds.js';
import type { PlainHttp } from './plain-http.js';
import type { Damage, Target } from './random-damage.js';

/** An object, as far as it must be known to do something to it. */
interface Known {
  readonly id: string;
  /** `@odata.type`, which some requests must carry and others name in their path. */
  readonly variant: string | undefined;
  readonly values: Readonly<Record<string, unknown>>;
}

/** One request that was made, in one line. */
export type DamageLog = string[];

export interface Vandal {
  readonly log: DamageLog;
  /** Properties that were changed, as `type.property`. */
  readonly changed: ReadonlySet<string>;
  /** What was done and not refused, by `op`, and by `op type`. */
  readonly done: ReadonlyMap<string, number>;
  damage(act: Damage): Promise<void>;
}

const directoryObject = (id: string): string => `https://graph.microsoft.com/v1.0/directoryObjects/${id}`;
const itemsOf = (value: Json | undefined): readonly Json[] => (isJsonArray(value) ? value : []);

/** Kinds whose requests name a derived type at the end of their path. */
const CAST: ReadonlySet<string> = new Set(['application', 'servicePrincipal']);

/** Damages the tenant that was made of these objects. What Graph refuses is left out. */
export function vandal(http: PlainHttp, kinds: readonly Kind[], tenant: TenantSeed): Vandal {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const known = new Map<string, Known[]>(kinds.map(({ name }) => [name, []]));
  const kindFor = (name: string): Kind => byName.get(name) as Kind;
  const remember = (kind: string, values: Readonly<Record<string, unknown>>) => {
    const variant = values['@odata.type'];
    known
      .get(kind)
      ?.push({ id: String(values.id), variant: typeof variant === 'string' ? variant : undefined, values });
  };
  for (const kind of kinds) {
    if (kind.singleton) remember(kind.name, { id: kind.name });
    // What came with the tenant and nobody can change is left alone.
    const others = kind.type.fixture === undefined ? missingFixtures(tenant) : [];
    for (const { collection, object } of [...tenant.objects, ...others])
      if (!kind.singleton && collection === kind.collection) remember(kind.name, object);
  }
  const log: DamageLog = [];
  const changed = new Set<string>();
  const done = new Map<string, number>();
  const find = ({ kind, at }: Target): Known | undefined => {
    const all = known.get(kind) ?? [];
    return all[at % Math.max(1, all.length)];
  };
  const send = async (op: string, kind: string, method: string, path: string, body?: Json) => {
    const answer = await http.call(method, path, body);
    log.push(`${method} ${path} ${body === undefined ? '' : JSON.stringify(body)} → ${answer.status}`);
    const good = answer.status < 300;
    if (good) for (const name of [op, `${op} ${kind}`]) done.set(name, (done.get(name) ?? 0) + 1);
    return { good, body: answer.body };
  };
  const liveOf = async ({ kind }: Target, { id, values }: Known): Promise<string> => {
    const { live, type } = kindFor(kind);
    if (kind === 'appRoleAssignment') return `${live.replace('{owner}', String(values.resourceId))}/${id}`;
    if (type.singleton === 'object') return live;
    return type.singleton === 'list' ? `${live}/${await organizationId()}` : `${live}/${id}`;
  };
  const organizationId = async (): Promise<string> => {
    const { body } = await http.call('GET', '/organization?$select=id');
    const [first] = itemsOf(isJsonObject(body) ? body.value : undefined);
    return isJsonObject(first) ? String(first.id) : '';
  };
  const set = async (op: string, at: Target, object: Known, values: JsonObject): Promise<boolean> => {
    const cast = object.variant !== undefined && CAST.has(at.kind) ? `/${object.variant.slice(1)}` : '';
    const named = object.variant !== undefined && cast === '' ? { '@odata.type': object.variant } : {};
    const path = `${await liveOf(at, object)}${cast}`;
    const { good } = await send(op, at.kind, 'PATCH', path, { ...named, ...values });
    if (good) for (const name of Object.keys(values)) changed.add(`${at.kind}.${name}`);
    return good;
  };
  /** Enabled roles and scopes must be disabled before they change. */
  const disable = async (at: Target, object: Known): Promise<void> => {
    const { body } = await http.call('GET', await liveOf(at, object));
    const off = (items: Json | undefined) =>
      itemsOf(items).map((item) => (isJsonObject(item) ? { ...item, isEnabled: false } : item));
    if (!isJsonObject(body)) return;
    const api = isJsonObject(body.api) ? { oauth2PermissionScopes: off(body.api.oauth2PermissionScopes) } : {};
    await set('disable', at, object, { appRoles: off(body.appRoles), api });
  };
  const change = async (at: Target, object: Known, given: JsonObject): Promise<void> => {
    if (await set('set', at, object, given)) return;
    if (at.kind === 'application' && ('appRoles' in given || 'api' in given)) await disable(at, object);
    // One refused value keeps the others from being written.
    for (const [name, value] of Object.entries(given)) await set('set', at, object, { [name]: value });
  };
  const nameOf = async (user: Known): Promise<string> => {
    const { body } = await http.call('GET', `/users/${user.id}?$select=userPrincipalName`);
    return isJsonObject(body) && typeof body.userPrincipalName === 'string' ? body.userPrincipalName : '';
  };
  const rename = (op: string, user: Known, name: string) =>
    set(op, { kind: 'user', at: 0 }, user, { userPrincipalName: name });
  const make = async (op: string, kind: string, path: string, values: JsonObject): Promise<void> => {
    const { good, body } = await send(op, kind, 'POST', path, values);
    if (good && isJsonObject(body)) remember(kind, body);
  };
  const edgePath = (kind: string, values: Readonly<Record<string, unknown>>): string =>
    kindFor(kind).live.replace('{owner}', String(values.resourceId));
  const exchange = async (damage: Damage & { readonly other: Target }, mine: Known): Promise<void> => {
    const other = find(damage.other);
    if (other === undefined || other.id === mine.id) return;
    if (damage.op === 'take-identifier') {
      const { body } = await http.call('GET', `/applications/${mine.id}`);
      const identifierUris = isJsonObject(body) ? (body.identifierUris ?? []) : [];
      if (!(await set(damage.op, damage.target, mine, { identifierUris: [] }))) return;
      await set(damage.op, damage.target, other, { identifierUris });
      return;
    }
    const [first, second] = [await nameOf(mine), await nameOf(other)];
    if (first === '' || second === '' || !(await rename(damage.op, mine, `gone${log.length}@contoso.com`))) return;
    await rename(damage.op, other, first);
    if (damage.op === 'swap-names') await rename(damage.op, mine, second);
  };
  const act = async (damage: Damage): Promise<void> => {
    if (damage.op === 'create') {
      await make('create', damage.kind, kindFor(damage.kind).live, damage.values);
      return;
    }
    const target = find(damage.target);
    if (target === undefined) return;
    const { kind } = damage.target;
    const { bin } = kindFor(kind);
    switch (damage.op) {
      case 'set': {
        const entity = target.variant?.replace('#microsoft.graph.', '') ?? kindFor(kind).entity;
        const values = damage.values[''] ?? damage.values[entity];
        if (values !== undefined) await change(damage.target, target, values);
        return;
      }
      case 'delete':
        await send('delete', kind, 'DELETE', await liveOf(damage.target, target));
        return;
      case 'restore':
        await send('restore', kind, 'POST', `${bin?.items}/${target.id}/restore`);
        return;
      case 'purge':
        await send('delete', kind, 'DELETE', await liveOf(damage.target, target));
        await send('purge', kind, 'DELETE', `${bin?.items}/${target.id}`);
        return;
      case 'link':
      case 'unlink': {
        const member = find(damage.member);
        const path = `${await liveOf(damage.target, target)}/${kindFor(kind).links[0]}`;
        if (member === undefined) return;
        if (damage.op === 'link')
          await send('link', kind, 'POST', `${path}/$ref`, { '@odata.id': directoryObject(member.id) });
        else await send('unlink', kind, 'DELETE', `${path}/${member.id}/$ref`);
        return;
      }
      case 'grant': {
        const [client, user] = [find(damage.client), damage.user && find(damage.user)];
        if (client === undefined) return;
        const ends = { clientId: client.id, resourceId: target.id, scope: damage.scope };
        const whom = user === undefined ? {} : { principalId: user.id };
        const consentType = user === undefined ? 'AllPrincipals' : 'Principal';
        await make('grant', 'oauth2PermissionGrant', '/oauth2PermissionGrants', { ...ends, ...whom, consentType });
        return;
      }
      case 'assign': {
        const principal = find(damage.principal);
        if (principal === undefined) return;
        const values = { principalId: principal.id, resourceId: target.id, appRoleId: damage.role };
        await make('assign', 'appRoleAssignment', edgePath('appRoleAssignment', values), values);
        // Nobody sees an assignment whose end is in the recycle bin.
        if (damage.leaves)
          await send('leave', damage.principal.kind, 'DELETE', await liveOf(damage.principal, principal));
        return;
      }
      case 'make-again': {
        const { id: _, ...values } = target.values;
        const { good } = await send('make-again', kind, 'DELETE', await liveOf(damage.target, target));
        const own = Object.entries(values).filter(([name]) => /Id$|^scope$|^consentType$/.test(name));
        if (good) await make('make-again', kind, edgePath(kind, values), Object.fromEntries(own) as JsonObject);
        return;
      }
      case 'add-password':
        await send(damage.op, kind, 'POST', `${await liveOf(damage.target, target)}/addPassword`, {});
        return;
      case 'remove-password': {
        const { body } = await http.call('GET', await liveOf(damage.target, target));
        const [first] = itemsOf(isJsonObject(body) ? body.passwordCredentials : undefined);
        if (!isJsonObject(first)) return;
        const path = `${await liveOf(damage.target, target)}/removePassword`;
        await send(damage.op, kind, 'POST', path, { keyId: first.keyId ?? null });
        return;
      }
      case 'combinations': {
        const path = `${await liveOf(damage.target, target)}/updateAllowedCombinations`;
        const { good } = await send(damage.op, kind, 'POST', path, { allowedCombinations: damage.values });
        if (good) changed.add(`${kind}.allowedCombinations`);
        return;
      }
      case 'configure': {
        const path = `${await liveOf(damage.target, target)}/combinationConfigurations`;
        const about = { appliesToCombinations: ['fido2'], allowedAAGUIDs: ['30000000-0000-4000-8000-000000000009'] };
        const type = '#microsoft.graph.fido2CombinationConfiguration';
        await send(damage.op, kind, 'POST', path, { '@odata.type': type, ...about });
        return;
      }
      case 'mfa': {
        const path = `/beta/users/${target.id}/authentication/requirements`;
        const { good } = await send(damage.op, kind, 'PATCH', path, { perUserMfaState: damage.state });
        if (good) changed.add('user.perUserMfaState');
        return;
      }
      default:
        await exchange(damage, target);
    }
  };
  return { log, changed, done, damage: act };
}
