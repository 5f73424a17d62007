/** Signing in to the sandbox, by Microsoft's own library and by hand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClientAssertionCredential, ClientSecretCredential } from '@azure/identity';
import { describe, expect, it } from 'vitest';
import { callerSets } from '../../src/sandbox/quirks/callers.js';
import { certificate } from '../support/certificate.js';
import { ids, type Json, seed, start, type TestSandbox, tenantId } from './support.js';

const { reader, operator } = callerSets;
const scope = 'https://graph.microsoft.com/.default';

const encode = (part: Json) => Buffer.from(JSON.stringify(part)).toString('base64url');
const assertion = (claims: Json) => [encode({ alg: 'PS256', typ: 'JWT' }), encode(claims), 'c2lnbmVk'].join('.');

async function ask(sandbox: TestSandbox, more: Record<string, string | undefined>, tenant = tenantId) {
  const standard = { grant_type: 'client_credentials', client_id: reader.appId, scope, client_secret: 'sandbox' };
  const form = Object.entries({ ...standard, ...more }).filter(([, value]) => value !== undefined);
  const response = await fetch(`${sandbox.url}/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form as [string, string][]),
  });
  return { status: response.status, body: (await response.json()) as Json };
}

describe("Microsoft's library", () => {
  const secure = async () => {
    const { key, cert } = certificate();
    const sandbox = await start(seed, { tls: { key, cert }, clock: () => new Date() });
    const options = { authorityHost: sandbox.url, disableInstanceDiscovery: true, tlsOptions: { ca: cert } };
    return { sandbox, options };
  };

  it('signs in with a secret over HTTPS, and gets a token of the set its client id stands for', async () => {
    const { sandbox, options } = await secure();
    const credential = new ClientSecretCredential(tenantId, reader.appId, 'sandbox', options);
    const { token, expiresOnTimestamp } = await credential.getToken(scope);
    expect(expiresOnTimestamp).toBeGreaterThan(Date.now());
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Json;
    expect(claims).toMatchObject({ tid: tenantId, appid: reader.appId, idtyp: 'app', wids: [] });
    expect(claims.roles).toEqual([...reader.permissions].sort());
    await sandbox.close();
  });

  it('is told what is wrong with a secret', async () => {
    const { options } = await secure();
    const credential = new ClientSecretCredential(tenantId, operator.appId, 'guessed', options);
    await expect(credential.getToken(scope)).rejects.toThrow(/AADSTS7000215/);
  });

  it('signs in with an assertion', async () => {
    const { options } = await secure();
    const claims = { aud: 'api://AzureADTokenExchange', sub: 'repo:acme/state:ref:refs/heads/main', iss: 'x' };
    const fresh = async () => assertion({ ...claims, exp: Math.floor(Date.now() / 1000) + 300 });
    const credential = new ClientAssertionCredential(tenantId, operator.appId, fresh, options);
    expect((await credential.getToken(scope)).token).toMatch(/^[\w-]+\.[\w-]+\.sandbox$/);
  });
});

describe('the token endpoint', () => {
  it('gives a token that the sandbox knows', async () => {
    const sandbox = await start();
    const { status, body } = await ask(sandbox, { client_id: operator.appId });
    expect([status, body.token_type, body.expires_in]).toEqual([200, 'Bearer', 3599]);
    const headers = { Authorization: `Bearer ${body.access_token}` };
    expect((await sandbox.call('PATCH', `/users/${ids.bob}`, { city: 'Bonn' }, headers)).status).toBe(204);
    expect((await sandbox.call('DELETE', `/directory/deletedItems/${ids.binned}`, undefined, headers)).status).toBe(
      204,
    );
  });

  it('knows the tenant by its domains, too, and has metadata', async () => {
    const sandbox = await start();
    expect((await ask(sandbox, {}, 'fabrikam.com')).status).toBe(200);
    const response = await fetch(`${sandbox.url}/contoso.com/v2.0/.well-known/openid-configuration`);
    expect(await response.json()).toMatchObject({
      issuer: `${sandbox.url}/${tenantId}/v2.0`,
      token_endpoint: `${sandbox.url}/${tenantId}/oauth2/v2.0/token`,
    });
  });

  const past = assertion({ aud: 'api://AzureADTokenExchange', exp: 1 });
  const foreign = assertion({ aud: 'https://elsewhere', iss: reader.appId, sub: reader.appId, exp: 4e9 });
  it.each<[string, Record<string, string | undefined>, number, string, number]>([
    ['no grant type', { grant_type: undefined }, 400, 'invalid_request', 900144],
    ['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
    ['a scope that is no .default', { scope: 'User.Read' }, 400, 'invalid_scope', 1002012],
    ['an application it does not know', { client_id: ids.ada }, 400, 'unauthorized_client', 700016],
    ['a wrong secret', { client_secret: 'guessed' }, 401, 'invalid_client', 7000215],
    ['no credential', { client_secret: undefined }, 401, 'invalid_client', 7000218],
    ['an assertion that is none', { client_secret: undefined, client_assertion: 'x' }, 400, 'invalid_request', 50027],
    ['an old assertion', { client_secret: undefined, client_assertion: past }, 401, 'invalid_client', 700024],
    ['an assertion for others', { client_secret: undefined, client_assertion: foreign }, 401, 'invalid_client', 700212],
  ])('refuses %s', async (_, more, status, error, code) => {
    const sandbox = await start();
    const answer = await ask(sandbox, more);
    expect(answer).toMatchObject({ status, body: { error, error_codes: [code] } });
    expect(answer.body.error_description).toMatch(new RegExp(`^AADSTS${code}: .* Trace ID: [\\w-]+ Correlation ID: `));
    expect(answer.body.access_token).toBeUndefined();
  });

  it('refuses another tenant, and other methods', async () => {
    const sandbox = await start();
    expect((await ask(sandbox, {}, ids.ada)).body.error_codes).toEqual([90002]);
    expect((await fetch(`${sandbox.url}/${tenantId}/oauth2/v2.0/token`)).status).toBe(405);
  });

  it('gives tokens that live as long as the sandbox is told, and takes the secret it is told', async () => {
    const sandbox = await start(seed, { behaviour: { tokenSeconds: 10, clientSecret: 'other' } });
    expect((await ask(sandbox, {})).status).toBe(401);
    const { body } = await ask(sandbox, { client_secret: 'other' });
    const headers = { Authorization: `Bearer ${body.access_token}` };
    expect((await sandbox.get('/users', headers)).status).toBe(200);
    sandbox.advance(10_000);
    expect((await sandbox.get('/users', headers)).status).toBe(401);
  });

  it('writes nothing down', async () => {
    const sandbox = await start();
    await ask(sandbox, { client_secret: 'canary-secret' });
    await ask(sandbox, { client_secret: undefined, client_assertion: 'canary-assertion' });
    await sandbox.get('/users');
    for (const file of ['requests.jsonl', 'log.jsonl'])
      expect(readFileSync(join(sandbox.dataDir, file), 'utf8')).not.toContain('canary');
  });
});
