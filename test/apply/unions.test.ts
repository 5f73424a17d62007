import { describe, expect, it } from 'vitest';
import { applyUpdates } from '../../src/apply/updates.js';
import { createWriter } from '../../src/apply/writer.js';
import type { ActionResult } from '../../src/model/documents.js';
import type { Json } from '../../src/model/json.js';
import type { ObjectAction } from '../../src/model/plan.js';
import { loadRegistry } from '../../src/registry/load.js';
import { fakeClient, nullJournal, ok } from '../support/fake-client.js';
import { typeNamed } from '../support/memory-state.js';

const registry = loadRegistry();
const principal = typeNamed(registry, 'servicePrincipal');
const ID = 'a0000000-0000-4000-8000-000000000001';
const NOTES = { path: 'notes', live: 'x', desired: null };

/** Updates the tags and notes of a service principal whose application holds tags, too. */
async function update(tags: { readonly live: Json; readonly desired: Json }, union: Json, ofApplication: Json) {
  const written: unknown[] = [];
  const client = fakeClient(({ method, path, body }) => {
    if (method !== 'GET') written.push(body);
    if (method !== 'GET') return ok(undefined, 204);
    return ok(
      path.startsWith('/applications') ? { tags: ofApplication } : { id: ID, appId: ID, tags: union, notes: 'x' },
    );
  });
  const set = [{ path: 'tags', ...tags }, NOTES];
  const object = `servicePrincipal/${ID}` as const;
  const action: ObjectAction = { n: 1, phase: 'objects', rank: 2, action: 'update', object, label: 'It', set };
  const results: ActionResult[] = [];
  await applyUpdates(
    {
      client,
      registry,
      writer: createWriter(client, nullJournal()),
      sleep: async () => undefined,
      report: (result) => void results.push(result),
      leftAlone: new Set(),
      whenObjectsAreBack: () => undefined,
    },
    principal,
    [action],
  );
  return { results, written };
}

describe('a value that the application holds, too', () => {
  it('is not written where the application gave it up and it is what was wanted', async () => {
    const { results, written } = await update({ live: ['own'], desired: ['both', 'own'] }, ['both', 'own'], []);
    expect(results).toEqual([{ n: 1, outcome: 'done' }]);
    expect(written).toEqual([{ notes: null }]);
  });

  it('does not keep back what else is wanted of the union', async () => {
    const { results, written } = await update({ live: [], desired: ['both', 'own'] }, ['both'], []);
    expect(results).toEqual([{ n: 1, outcome: 'done' }]);
    expect(written).toEqual([{ tags: ['both', 'own'], notes: null }]);
  });

  it('may have gone over to the application', async () => {
    const { results, written } = await update({ live: ['gone', 'kept'], desired: ['new'] }, ['gone', 'kept'], ['gone']);
    expect(results).toEqual([{ n: 1, outcome: 'done' }]);
    expect(written).toEqual([{ tags: ['new'], notes: null }]);
  });

  it('is left to the next plan where nobody knows whether it is new, and the rest is written', async () => {
    const { results, written } = await update({ live: ['own'], desired: [] }, ['other', 'own'], []);
    const reason = 'tags changed after the plan was made.';
    expect(results).toEqual([{ n: 1, outcome: 'done', refused: [{ path: 'tags', reason }] }]);
    expect(written).toEqual([{ notes: null }]);
  });
});
