/** What the identity may not read of objects that it may read. */

import type { CollectOptions } from './collect/types.js';
import type { Tenant } from './connection.js';
import { bearerOf } from './identity/bearer.js';
import { missingPermissions } from './identity/permissions.js';
import type { ObjectType } from './registry/types.js';

/** Tells which permissions the identity lacks; undefined where its token does not say what it has. */
export async function lackingOf({ connection }: Tenant): Promise<CollectOptions['lacking']> {
  const held = bearerOf(await connection.token())?.permissions;
  return held === undefined ? undefined : (needed) => missingPermissions(held, needed);
}

/**
 * The type without asking for what takes a permission that the identity lacks: Graph shows null for it, or refuses the
 * whole request; sources differ.
 */
export function withoutWithheld(type: ObjectType, lacking: CollectOptions['lacking']): ObjectType {
  const names = type.properties
    .filter(({ permissions, part }) => part === undefined && (lacking?.(permissions?.read ?? []) ?? []).length > 0)
    .map(({ name }) => name);
  return names.length === 0 ? type : { ...type, withheld: names };
}
