/** `apply` with an identity that may not write: Graph refuses, and the result names what is missing. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { apply } from '../../src/recovery.js';
import { openWorkspace } from '../../src/workspace.js';
import { person } from '../support/acme.js';
import { sign } from '../support/openid.js';
import { type FaultyProxy, refusal, startProxy } from '../support/proxy.js';
import { createScene, type Scene, surroundings } from '../support/scene.js';

let scene: Scene;
let proxy: FaultyProxy;
beforeAll(async () => {
  scene = await createScene();
  proxy = await startProxy(scene.url);
  proxy.answer(({ method }) => (method === 'GET' ? undefined : refusal(403)));
  await scene.run.snapshot();
  await scene.graph('PATCH', `/users/${person(1)}`, { department: 'Wrong' });
});
afterAll(async () => {
  await proxy.close();
  await scene.close();
});

async function reasonOf(token: string): Promise<string> {
  const plan = await scene.run.plan('HEAD');
  const env = { KNOWNGOOD_GRAPH_URL: proxy.url, KNOWNGOOD_TOKEN: 'reading', KNOWNGOOD_APPLY_TOKEN: token };
  const workspace = await openWorkspace(scene.root, surroundings(env));
  try {
    const result = await apply(workspace, plan);
    expect(result.status).toBe('incomplete');
    return JSON.stringify(result.results);
  } finally {
    await workspace.close();
  }
}

it('names the permission that the identity lacks', async () => {
  expect(await reasonOf(sign({ tid: scene.tenantId, idtyp: 'app', roles: ['User.Read.All'], wids: [] }))).toContain(
    'Refused with 403. The identity lacks User.ReadWrite.All.',
  );
});
