/** Permissions held against those that the types need, from their schemas. Pure. */

import { changesSomething, missingPermissions } from '../identity/permissions.js';
import type { Check, PermissionNeed, PermissionRow } from '../model/doctor.js';
import { type Permissions, whereWords } from '../registry/permissions.js';
import type { ObjectType } from '../registry/types.js';

/** Who asks: what is held, or undefined where that cannot be told, and why. */
export interface Holder {
  readonly permissions: ReadonlySet<string> | undefined;
  /** Why the permissions are not known. */
  readonly why?: string;
  /** A sandbox without tokens: there are no permissions. */
  readonly everything?: true;
  /** A person's token: what it lets do also hangs on the person's roles. */
  readonly ofPerson: boolean;
}

type Verb = 'read' | 'write';

/** What each type needs, all its managed properties and links included, and what of that is missing. */
export function permissionRows(
  types: readonly ObjectType[],
  reader: Holder,
  writer: Holder | undefined,
): PermissionRow[] {
  return types.map((type) => {
    const write = neededFor(type, 'write');
    return {
      name: type.name,
      title: type.title,
      read: needOf(neededFor(type, 'read'), reader),
      write: write.length === 0 ? null : needOf(write, writer),
    };
  });
}

function needOf(needed: readonly string[], holder: Holder | undefined): PermissionNeed {
  const held = holder?.permissions;
  return { needed, missing: held === undefined ? null : missingPermissions(held, needed) };
}

function neededFor(type: ObjectType, verb: Verb): string[] {
  if (verb === 'write' && type.edge !== undefined && type.edge.create === undefined) return [];
  const parts = [...type.properties, ...type.links].flatMap(({ permissions }) => permissions ?? []);
  return sorted([...asked(type.permissions, verb), ...parts.flatMap((part) => asked(part, verb))]);
}

function asked(
  { read = [], update = [], delete: remove = [], restore = [] }: Permissions,
  verb: Verb,
): readonly string[] {
  return verb === 'read' ? read : [...update, ...remove, ...restore];
}

/** Permissions without which nothing of the type can be read, or written; others are for a part of it. */
function isVital(type: ObjectType, verb: Verb, permission: string): boolean {
  return asked(type.permissions, verb).includes(permission);
}

const WORDS = {
  read: { area: 'backup', consequence: 'is not collected' },
  write: { area: 'recovery', consequence: 'cannot be recovered' },
} as const;

/** Too few permissions: what will not be collected, or not be recovered, by permission. */
export function permissionCheck(
  types: readonly ObjectType[],
  rows: readonly PermissionRow[],
  verb: Verb,
  holder: Holder,
): Check {
  const { area, consequence } = WORDS[verb];
  const base = { id: `${area}.permissions`, area, title: 'Permissions' } as const;
  const needs = rows.flatMap((row) => {
    const need = row[verb];
    return need === null ? [] : [{ row, need }];
  });
  const all = sorted(needs.flatMap(({ need }) => need.needed));
  if (holder.everything) return { ...base, status: 'ok', message: 'This sandbox lets everybody do everything.' };
  if (holder.permissions === undefined) {
    return {
      ...base,
      status: 'unknown',
      message: `${holder.why ?? 'The token does not say what it lets do.'} Needed are ${all.length} permissions.`,
      details: all,
    };
  }
  const lacking = new Map<string, string[]>();
  let vital = false;
  for (const { row, need } of needs) {
    const type = types.find(({ name }) => name === row.name) as ObjectType;
    for (const permission of need.missing ?? []) {
      const whole = isVital(type, verb, permission);
      lacking.set(permission, [...(lacking.get(permission) ?? []), whole ? row.title : `part of ${row.title}`]);
      vital ||= whole;
    }
  }
  const sometimes = verb === 'write' ? neededSometimes(types, holder.permissions) : [];
  if (lacking.size === 0) {
    const but = sometimes.length === 0 ? '' : ' Some objects take more, which is not held.';
    return {
      ...base,
      status: 'ok',
      message: `All that ${needs.length} types need are held (${all.length} permissions).${but}`,
      ...(sometimes.length === 0 ? {} : { details: sometimes }),
    };
  }
  const [one] = lacking.keys();
  return {
    ...base,
    status:
      holder.ofPerson && holder.permissions.has('Directory.AccessAsUser.All')
        ? 'unknown'
        : vital
          ? 'failed'
          : 'warning',
    message: `${lacking.size === 1 ? `${one} is` : `${lacking.size} of ${all.length} permissions are`} missing: what needs ${lacking.size === 1 ? 'it' : 'them'} ${consequence}${vital ? '' : ' or not whole'}.`,
    remedy: 'Add them to the app registration as application permissions of Microsoft Graph, and grant admin consent.',
    details: [
      ...[...lacking].map(([permission, titles]) => `${permission}: ${titles.join(', ')}`).sort(),
      ...sometimes,
    ],
  };
}

/** What is not held and needed to write some objects of a type only: `RoleManagement.…: Group, where … is true`. */
function neededSometimes(types: readonly ObjectType[], held: ReadonlySet<string>): string[] {
  const lines = types.flatMap(({ title, permissions }) =>
    (permissions.where ?? []).flatMap((where) =>
      missingPermissions(held, [...(where.update ?? []), ...(where.delete ?? []), ...(where.restore ?? [])]).map(
        (name) => `${name}: ${title}, ${whereWords(where)}`,
      ),
    ),
  );
  return sorted(lines);
}

/** Too many permissions: whoever gets hold of an identity that only has to read should not be able to change anything. */
export function excessCheck({ permissions, why, ofPerson }: Holder): Check {
  const base = { id: 'backup.excess', area: 'backup', title: 'Only reads' } as const;
  if (permissions === undefined) {
    return { ...base, status: 'unknown', message: why ?? 'The token does not say what it lets do.' };
  }
  const excess = sorted([...permissions].filter(changesSomething));
  if (excess.length === 0) return { ...base, status: 'ok', message: 'The reading identity can change nothing.' };
  return {
    ...base,
    status: 'warning',
    message: `The reading identity can change the tenant: it holds ${excess.length} ${excess.length === 1 ? 'permission' : 'permissions'} to write.`,
    remedy: ofPerson
      ? 'Use an application that only reads for backups (docs/sign-in.md).'
      : 'Take them from this application, and give them to another one that only `apply` uses, by KNOWNGOOD_APPLY_CLIENT_ID (docs/sign-in.md).',
    details: excess,
  };
}

export function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
