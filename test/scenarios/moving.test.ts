/**
 * Objects that move while the tenant is being read: deleted once their list was read, restored before their recycle bin
 * was, or left out of both. Every type that can is tried, at once.
 */

import { afterEach, describe, expect, it, vi } from 'vitest';
import { isJsonArray, isJsonObject, type Json } from '../../src/model/json.js';
import { type ObjectKey, typeOf } from '../../src/model/object.js';
import { keyOf } from '../../src/registry/identity.js';
import { treeDifferences } from '../support/expected-state.js';
import type { Asked, Fault } from '../support/faults.js';
import { partlyRead, plansFor, readWith, switching } from '../support/partly-read.js';

vi.mock('../../src/sandbox/quirks/limits.js', async (original) => ({
  ...(await original<object>()),
  pageSize: { standard: 2, largest: 999 },
}));

const all = await partlyRead();
const { registry, good, goodRead, whole } = all;
const unchanged = { ...all, whole: goodRead };

/** Types whose objects are in a list of their own, and have a life of their own. */
const listed = registry.types.filter(
  ({ singleton, inline, edge }) => singleton === undefined && inline === undefined && edge === undefined,
);

/** One active object of each of these types. */
const chosen = new Set(
  listed.flatMap(({ name }) => [...good.ids.keys()].filter((key) => typeOf(key) === name && !isBinned(key)).slice(-1)),
);

function isBinned(key: ObjectKey): boolean {
  return goodRead.deleted.has(key);
}

/** Lists and recycle bins that leave these out. */
function without(left: ReadonlySet<ObjectKey>): (asked: Asked, body: Json) => Json {
  return ({ path }, body) => {
    const reading = all.readingOf(path);
    if (reading === undefined || !['list', 'bin'].includes(reading.role)) return body;
    if (!isJsonObject(body) || !isJsonArray(body.value)) return body;
    const isLeft = (raw: Json) =>
      isJsonObject(raw) && reading.types.some((type) => left.has(keyOf(type, raw) ?? `${type.name}/`));
    return { ...body, value: body.value.filter((raw) => !isLeft(raw)) };
  };
}

describe('objects that neither their list nor a recycle bin names', () => {
  afterEach(() => all.before.wire.bend(undefined));
  const rule =
    (fault: Fault) =>
    ({ path }: Asked) => {
      const role = all.readingOf(path)?.role;
      return role === 'object' || role === 'deleted' ? fault : undefined;
    };

  it('are asked for one by one, and found as they are, with all that depends on them', async () => {
    expect(chosen.size).toBe(listed.length);
    all.before.wire.bend(without(chosen));
    const live = await readWith(all, all.before, good, () => undefined);
    expect(treeDifferences(unchanged, live.ids, good.ids)).toEqual([]);
    expect(live.coverage.gaps).toEqual([]);
  });

  it.each<[string, Fault]>([
    ['refused', { status: 403 }],
    ['failing', { status: 500 }],
    ['broken off', 'reset'],
    ['cut short', 'truncated'],
    ['empty', 'hollow'],
    ['bare of all but an id', 'unreadable'],
  ])('stay, and nothing is planned for them, where the answer about each is %s', async (_, fault) => {
    all.before.wire.bend(without(chosen));
    const live = await readWith(all, all.before, good, rule(fault));
    expect(treeDifferences(unchanged, live.ids, good.ids)).toEqual([]);
    const said = live.coverage.gaps.map(({ what, keptFrom }) => [what, keptFrom]);
    for (const { name } of listed) expect(said).toContainEqual([name, good.captured.start]);
    for (const { actions, kept, blocked } of await plansFor(all, good, live))
      expect([actions, kept, blocked]).toEqual([[], [], []]);
  });

  it('stay where they are active no more, and the answer of the recycle bin about each is refused', async () => {
    all.before.wire.bend(without(chosen));
    const live = await readWith(all, all.before, good, ({ path }) => {
      const role = all.readingOf(path)?.role;
      return role === 'object' ? { status: 404 } : role === 'deleted' ? { status: 403 } : undefined;
    });
    for (const key of chosen) {
      const hasBin = registry.byName.get(typeOf(key))?.bin !== undefined;
      expect([key, live.ids.get(key)]).toEqual([key, hasBin ? good.ids.get(key) : undefined]);
    }
  });
});

describe('a tenant that changes between the reading of its lists and of its recycle bins', () => {
  const hasBin = (key: ObjectKey) => registry.byName.get(typeOf(key))?.bin !== undefined;
  const moved = (from: (key: ObjectKey) => boolean, to: (key: ObjectKey) => boolean) =>
    [...good.ids.keys()].filter((key) => hasBin(key) && from(key) && to(key));
  const isActive = (key: ObjectKey) => whole.ids.has(key) && !whole.deleted.has(key);
  const deleted = moved(
    (key) => !isBinned(key),
    (key) => whole.deleted.has(key),
  );
  const restored = moved(isBinned, isActive);

  it('has objects of every type that were deleted, and that were restored', () => {
    const binned = registry.types.filter(({ bin }) => bin !== undefined).map(({ name }) => name);
    for (const keys of [deleted, restored]) expect([...new Set(keys.map(typeOf))].sort()).toEqual([...binned].sort());
  });

  it.each([
    ['that a backup knows', good],
    ['of which there is no backup', undefined],
  ])('%s loses none of them', async (_, previous) => {
    const live = await readWith(all, switching(all, 'bin'), previous, () => undefined);
    for (const key of deleted) expect([key, live.deleted.has(key)]).toEqual([key, true]);
    for (const key of restored) expect([key, live.ids.has(key), live.deleted.has(key)]).toEqual([key, true, false]);
    const lost = [...good.ids.keys()].filter((key) => whole.ids.has(key) && !live.ids.has(key));
    expect(lost, lost.join(' ')).toEqual([]);
  });
});
