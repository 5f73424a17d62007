/** A token that Graph refuses in the middle of a run: another one is had, with the claims that were asked for. */

import { expect, it, onTestFinished } from 'vitest';
import { runCli } from '../cli/run-cli.js';
import { CLIENT, startOpenId, TRUSTED } from '../support/openid.js';
import { startProxy } from '../support/proxy.js';
import { sceneForTest } from '../support/scene.js';

const CHALLENGE = '{"access_token":{"nbf":{"essential":true,"value":"1763649000"}}}';

it('a backup goes on with a new token when a policy changed meanwhile', async () => {
  const scene = await sceneForTest();
  const proxy = await startProxy(scene.url);
  onTestFinished(() => proxy.close());
  const openid = await startOpenId({ tenant: scene.tenantId, secret: 'secret' });
  onTestFinished(() => openid.close());
  let refused = 0;
  proxy.answer(({ path }) => {
    if (refused > 0 || !path.startsWith('/v1.0/groups')) return undefined;
    refused += 1;
    const claims = Buffer.from(CHALLENGE).toString('base64');
    return {
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="", error="insufficient_claims", claims="${claims}"` },
      body: {
        error: {
          code: 'InvalidAuthenticationToken',
          message: 'Continuous access evaluation resulted in claims challenge.',
        },
      },
    };
  });
  const env = {
    KNOWNGOOD_GRAPH_URL: proxy.url,
    NODE_EXTRA_CA_CERTS: TRUSTED,
    AZURE_AUTHORITY_HOST: openid.url,
    AZURE_CLIENT_ID: CLIENT,
    AZURE_CLIENT_SECRET: 'secret',
  };
  const result = await runCli(['snapshot', '--json'], { cwd: scene.root, env });
  expect(result.code, result.stderr).toBe(0);
  expect(refused).toBe(1);
  expect(openid.tokens).toHaveLength(2);
  expect(JSON.parse(openid.requests[1]?.form.claims ?? '{}')).toMatchObject(JSON.parse(CHALLENGE));
});
