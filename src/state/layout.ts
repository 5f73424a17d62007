/** Where objects live under `tenant-state/`. Paths have forward slashes; ids are checked before they become paths. */

import { idOf, type ObjectKey, objectKey, typeOf } from '../model/object.js';
import { Failure } from '../model/problem.js';
import { singletonKey } from '../registry/identity.js';
import type { ObjectType, Registry } from '../registry/types.js';
import type { Layout } from './types.js';

/** Keys that may become file names: what Graph uses as ids. No dot first, no slash, nothing a file system could mistake. */
const SAFE_KEY = /^[a-z0-9][a-z0-9_-]*$/;
/** What Windows takes for a device, as the name of a folder or of a file, whatever its ending is. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;
const SHARD_LENGTH = 3;

export function createLayout(registry: Registry): Layout {
  return {
    pathOf(object) {
      const type = registry.byName.get(typeOf(object));
      if (type === undefined) throw unstorable(object);
      assertStorable(type, object);
      const key = idOf(object);
      if (type.singleton !== undefined) return `${type.folder}.yaml`;
      return type.sharded ? `${type.folder}/${shardOf(key)}/${key}.yaml` : `${type.folder}/${key}.yaml`;
    },
    keyOf(path): ObjectKey | undefined {
      if (!path.endsWith('.yaml')) return undefined;
      const [folder = ''] = path.split('/', 1);
      const only = folder === path ? registry.byFolder.get(path.slice(0, -'.yaml'.length)) : undefined;
      if (only?.singleton !== undefined) return singletonKey(only);
      const type = registry.byFolder.get(folder);
      if (type === undefined || type.singleton !== undefined) return undefined;
      const key = path.slice(path.lastIndexOf('/') + 1, -'.yaml'.length);
      return isSafeKey(key) ? objectKey(type.name, key) : undefined;
    },
  };
}

export function isSafeKey(key: string): boolean {
  return key.length <= 200 && SAFE_KEY.test(key) && !DEVICE.test(key);
}

/** Throws a Failure (KG204) where the key of an object cannot be the name of a file. */
export function assertStorable(type: ObjectType, object: ObjectKey): void {
  const key = idOf(object);
  if (!isSafeKey(key) || (type.sharded && DEVICE.test(shardOf(key)))) throw unstorable(object);
}

function shardOf(key: string): string {
  return key.slice(0, SHARD_LENGTH);
}

function unstorable(object: ObjectKey): Failure {
  return new Failure({
    code: 'KG204',
    message: `Graph named an object ${JSON.stringify(object)}, which cannot be the name of a file.`,
    remedy: 'Nothing was written. Check that the address of Microsoft Graph is the right one.',
  });
}
