/**
 * Secrets planted as canaries: client secret, the platform's token, assertions, access tokens. The real command line runs with
 * everything that makes libraries talk, signs in over HTTPS, and fails to, and nothing of them comes out anywhere.
 */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliResult, runCli } from '../cli/run-cli.js';
import { person } from '../support/acme.js';
import { CLIENT, type OpenId, STRANGER, startOpenId, TRUSTED } from '../support/openid.js';
import { createScene, type Scene, temporary } from '../support/scene.js';

const MARK = 'canary';
const SECRET = `${MARK}-client-secret-0f8a1c2e`;
const PASSWORD = `${MARK}-password-0f8a1c2e`;

let scene: Scene;
let openid: OpenId;
beforeAll(async () => {
  scene = await createScene();
  openid = await startOpenId({
    tenant: scene.tenantId,
    secret: SECRET,
    mark: MARK,
    claims: { roles: ['User.Read.All'], wids: [] },
  });
});
afterAll(async () => {
  await openid.close();
  await scene.close();
});

const said: string[] = [];

async function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<CliResult> {
  const result = await runCli(args, {
    cwd: scene.root,
    env: {
      ...scene.env,
      DEBUG: '*',
      NODE_DEBUG: 'http,https,undici',
      AZURE_LOG_LEVEL: 'verbose',
      KNOWNGOOD_DEBUG: '1',
      NODE_EXTRA_CA_CERTS: TRUSTED,
      AZURE_AUTHORITY_HOST: openid.url,
      ...env,
    },
  });
  said.push(result.stdout, result.stderr);
  return result;
}

/** Every text that must not be anywhere: the planted ones, and every token and assertion that was handed out. */
function secrets(): string[] {
  const signatures = [...openid.assertions.map(({ assertion }) => assertion), ...openid.tokens];
  return [SECRET, PASSWORD, openid.platform.token, ...signatures.flatMap((token) => token.split('.').slice(1))];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Where a secret is: a file, or what was said. Git's objects are unpacked by git. */
function leaks(): string[] {
  const texts = [
    ...said.map((text, index) => ({ place: `output ${index}`, text })),
    ...filesBelow(join(scene.root, '..')).map((file) => ({ place: file, text: readFileSync(file, 'latin1') })),
    { place: 'git', text: scene.git('log', '--all', '-p', '--format=%B') },
  ];
  const all = secrets();
  return texts.flatMap(({ place, text }) =>
    all.filter((secret) => text.includes(secret)).map((secret) => `${place}: ${secret.slice(0, 20)}`),
  );
}

const secret = { AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: SECRET };
const github = () => ({
  AZURE_CLIENT_ID: CLIENT,
  ACTIONS_ID_TOKEN_REQUEST_URL: openid.platform.github,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: openid.platform.token,
});

describe('nothing of a secret comes out', () => {
  it('of snapshot, plan, apply and doctor', async () => {
    expect((await run(['snapshot'], secret)).code).toBe(0);
    await scene.graph('PATCH', `/users/${person(1)}`, { department: 'Wrong' });
    expect((await run(['plan', '--to', 'HEAD', '-o', 'plan.json'], github())).code).toBe(0);
    const own = { KNOWNGOOD_APPLY_CLIENT_ID: CLIENT, KNOWNGOOD_APPLY_CLIENT_SECRET: SECRET };
    const applied = await run(['apply', 'plan.json'], { ...github(), ...own });
    expect(applied.code).toBe(0);
    expect((await run(['doctor', '--json'], { ...secret, KNOWNGOOD_APPLY_TOKEN: openid.tokens[0] ?? '' })).code).toBe(
      1,
    );
    // The canaries were there to be leaked, and the libraries talked.
    expect(openid.tokens.length).toBeGreaterThanOrEqual(4);
    expect(said.some((text) => /azure:identity:/.test(text))).toBe(true);
    expect(leaks()).toEqual([]);
  });

  it('of sign-ins that fail', async () => {
    const unreadable = join(temporary(), 'token');
    writeFileSync(unreadable, SECRET);
    const failing = [
      { AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_SECRET: `${SECRET}-wrong` },
      { AZURE_CLIENT_ID: CLIENT, AZURE_CLIENT_CERTIFICATE_PATH: STRANGER, AZURE_CLIENT_CERTIFICATE_PASSWORD: PASSWORD },
      { ...github(), ACTIONS_ID_TOKEN_REQUEST_URL: `${openid.platform.github.replace('/github', '/echo')}` },
      { AZURE_CLIENT_ID: CLIENT, AZURE_FEDERATED_TOKEN_FILE: unreadable },
      { KNOWNGOOD_TOKEN: `${SECRET} with a blank` },
    ];
    const results = await Promise.all(failing.map((env) => run(['snapshot'], env)));
    expect(results.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1]);
    const codes = results.map(({ stderr }) => /\((KG\d+)\)/.exec(stderr)?.[1]);
    expect(codes).toEqual(['KG187', 'KG190', 'KG193', 'KG193', 'KG119']);
    expect(leaks()).toEqual([]);
  });
});

it('does not load what signs in, where nobody signs in', async () => {
  const refuse =
    'export const resolve=(s,c,n)=>{if(s.startsWith("@azure/"))throw new Error("loaded "+s);return n(s,c)}';
  const register = `import{register}from"node:module";register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(refuse)}`)})`;
  const options = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(register)}` };
  expect((await runCli(['diff'], { cwd: scene.root, env: { ...scene.env, ...options } })).stderr).not.toContain(
    'loaded',
  );
  const signedIn = await runCli(['diff'], { cwd: scene.root, env: { ...scene.env, ...options, ...secret } });
  expect(signedIn.code).toBe(1);
});
