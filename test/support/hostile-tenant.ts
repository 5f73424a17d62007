/** A tenant of hostile objects of every type, a state repository for it, and damage to it. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { init } from '../../src/init.js';
import type { JsonObject } from '../../src/model/json.js';
import { loadRegistry } from '../../src/registry/load.js';
import type { ObjectType, TypeVariant } from '../../src/registry/types.js';
import { damaged, idAt, inTurn, objectAt } from './hostile-objects.js';
import { type PermissiveGraph, permissiveGraph } from './permissive-graph.js';
import { type Commands, commands, surroundings, temporary } from './scene.js';

export const registry = loadRegistry();
const ORGANIZATION = registry.types.find(({ path }) => path === '/organization') as ObjectType;
export const TENANT = idAt(registry, ORGANIZATION, 0);

export interface HostileTenant {
  readonly graph: PermissiveGraph;
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly run: Commands;
  /** Every object as it was made. */
  readonly made: readonly Made[];
  /** Gives every object the writable values of another one, and every group other members. */
  damage(): void;
  close(): Promise<void>;
}

export interface Made {
  readonly type: ObjectType;
  readonly object: JsonObject;
  readonly other: JsonObject;
}

/** `many` objects of every variant of every type, whose texts are the words in turn: the more objects, the more words. */
export function hostileObjects(words: readonly string[], many: number): Made[] {
  return registry.types.flatMap((type) => {
    const kinds = type.variants.flatMap((variant, at) =>
      Array.from(
        { length: type.singleton === undefined ? many : 1 },
        (_, n) => [variant, at + n * type.variants.length] as const,
      ),
    );
    return kinds.map(([variant, n]) => ({
      type,
      object: made(type, variant, n, words, 0),
      other: made(type, variant, n, words, Math.ceil(words.length / 2)),
    }));
  });
}

/** Each object begins with another word: with as many objects as words, every text of the type is every word once. */
function made(type: ObjectType, variant: TypeVariant, n: number, words: readonly string[], from: number): JsonObject {
  const place = registry.types.findIndex(({ name }) => name === type.name);
  const step = Math.floor(n / type.variants.length) + (n % type.variants.length) * 7 + place * 13;
  return objectAt(registry, type, variant, n, inTurn(words, from + step));
}

/** A tenant over HTTP, and an empty repository for it in a new folder. */
export async function hostileTenant(objects: readonly Made[]): Promise<HostileTenant> {
  const graph = permissiveGraph(registry);
  for (const { type, object } of objects) graph.objects.get(type.name)?.push(object);
  const linking = registry.types.flatMap((type) => type.links.map((link) => [type, link] as const));
  const link = (from: number) => {
    for (const [type, { name, targets }] of linking) {
      const target = registry.byName.get(targets[0] ?? '') as ObjectType;
      for (const [n, object] of (graph.objects.get(type.name) ?? []).entries())
        graph.links.set(
          `${name} ${String(object.id)}`,
          [n + from, n + from + 1].map((at) => idAt(registry, target, at)),
        );
    }
  };
  link(0);
  const outside = temporary();
  const root = join(outside, 'state');
  const { url, close } = await graph.listen();
  const env = { KNOWNGOOD_GRAPH_URL: url };
  await init({ directory: root, tenant: TENANT, branch: 'main' }, surroundings(env));
  return {
    graph,
    root,
    env,
    run: commands(root, env),
    made: objects,
    damage() {
      for (const type of registry.types) {
        const own = objects.filter((item) => item.type === type);
        graph.objects.set(
          type.name,
          own.map(({ object, other }) => damaged(type, object, other)),
        );
      }
      link(1);
    },
    async close() {
      await close();
      rmSync(outside, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
