/** Sign-in over HTTPS against a local authority: what is asked for, renewed and refused. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CLOUDS } from '../../src/identity/clouds.js';
import { claimsOf } from '../../src/identity/jwt.js';
import { identityFor } from '../../src/identity/sign-in.js';
import type { Failure } from '../../src/model/problem.js';
import { temporaryFolder } from '../cli/run-cli.js';
import {
  CERTIFICATE,
  CERTIFICATE_PASSWORD,
  CLIENT,
  ENCRYPTED_CERTIFICATE,
  type OpenId,
  STRANGER,
  sign,
  startOpenId,
  TENANT,
  TRUSTED,
} from '../support/openid.js';

const SECRET = 'the-secret-value';
let now = Date.now();
let openid: OpenId;
beforeAll(async () => {
  openid = await startOpenId({ secret: SECRET, clock: () => new Date(now) });
});
beforeEach(() => {
  now = Date.now();
});
afterAll(() => openid.close());

const app = { AZURE_CLIENT_ID: CLIENT };
const github = () => ({
  ...app,
  ACTIONS_ID_TOKEN_REQUEST_URL: openid.platform.github,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: openid.platform.token,
});
const pipelines = () => ({
  ...app,
  SYSTEM_OIDCREQUESTURI: openid.platform.pipelines,
  SYSTEM_ACCESSTOKEN: openid.platform.token,
  AZURE_SERVICE_CONNECTION_ID: '0f8a1c2e-0000-4000-8000-000000000009',
});

function identity(env: Readonly<Record<string, string>>, more: { tenant?: string; cloud?: 'global' | 'usgov' } = {}) {
  const found = identityFor({
    env: { AZURE_AUTHORITY_HOST: openid.url, ...env },
    tenant: more.tenant ?? TENANT,
    cloud: more.cloud ?? 'global',
    purpose: 'read',
    clock: () => new Date(now),
    signal: new AbortController().signal,
    connection: { tlsOptions: { ca: readFileSync(TRUSTED, 'utf8') }, retryOptions: { maxRetries: 0 } },
  });
  if (found === undefined) throw new Error('no identity');
  return found;
}

async function failure(env: Readonly<Record<string, string>>, more?: Parameters<typeof identity>[1]): Promise<Failure> {
  const found = identity(env, more);
  return found.token().then(
    () => Promise.reject(new Error('it was not refused')),
    (cause: Failure) => cause,
  );
}

describe('a token is had', () => {
  it('by a client secret, for the configured tenant and cloud', async () => {
    openid.requests.length = 0;
    const token = await identity({ ...app, AZURE_CLIENT_SECRET: SECRET }, { cloud: 'usgov' }).token();
    expect(claimsOf(token)).toMatchObject({ tid: TENANT, appid: CLIENT });
    expect(openid.requests).toMatchObject([{ tenant: TENANT, form: { scope: `${CLOUDS.usgov.graph}/.default` } }]);
  });

  it('by a certificate, also where its key is encrypted', async () => {
    const plain = { ...app, AZURE_CLIENT_CERTIFICATE_PATH: CERTIFICATE };
    const encrypted = {
      ...app,
      AZURE_CLIENT_CERTIFICATE_PATH: ENCRYPTED_CERTIFICATE,
      AZURE_CLIENT_CERTIFICATE_PASSWORD: CERTIFICATE_PASSWORD,
    };
    for (const env of [plain, encrypted])
      expect(claimsOf(await identity(env).token())).toMatchObject({ appid: CLIENT });
  });

  it('by a token file that is written anew', async () => {
    const file = join(await temporaryFolder(), 'token');
    const vouch = (id: string) =>
      writeFileSync(
        file,
        `${sign({ sub: 'repo:acme/state:ref:refs/heads/main', aud: 'api://AzureADTokenExchange', exp: now / 1000 + 300, jti: id })}\n`,
      );
    vouch('1');
    const { token } = identity({ ...app, AZURE_FEDERATED_TOKEN_FILE: file });
    openid.requests.length = 0;
    const refused = await token();
    vouch('2');
    await token({ refused });
    expect(openid.requests.map(({ form }) => claimsOf(form.client_assertion ?? '')?.jti)).toEqual(['1', '2']);
  });

  it.each([
    ['GitHub Actions', github],
    ['Azure Pipelines', pipelines],
  ] as const)('by %s, with a fresh assertion at every renewal of a run of hours', async (_, env) => {
    openid.requests.length = 0;
    openid.assertions.length = 0;
    const { token } = identity(env());
    const tokens = new Set<string>();
    const start = now;
    for (let minutes = 0; minutes <= 180; minutes += 10) {
      now = start + minutes * 60_000;
      tokens.add(await token());
    }
    // Renewed by the hour, each time with an assertion that has just been made: the authority takes none of 5 minutes.
    expect(tokens.size).toBe(4);
    const sent = openid.requests.map(({ form }) => form.client_assertion);
    expect(sent).toEqual(openid.assertions.map(({ assertion }) => assertion));
    expect(new Set(sent).size).toBe(4);
  });

  it('by GitHub Actions with the audience of the cloud', async () => {
    openid.assertions.length = 0;
    await identity(github(), { cloud: 'usgov' }).token();
    expect(openid.assertions.map(({ audience }) => audience)).toEqual(['api://AzureADTokenExchangeUSGov']);
  });

  it('again, with the claims that Graph asked for', async () => {
    const { token } = identity({ ...app, AZURE_CLIENT_SECRET: SECRET });
    const refused = await token();
    openid.requests.length = 0;
    const challenge = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
    expect(await token({ refused, claims: challenge })).not.toBe(refused);
    expect(JSON.parse(openid.requests[0]?.form.claims ?? '{}')).toMatchObject(JSON.parse(challenge));
  });
});

describe('a refusal says what, where and what to do', () => {
  it.each<[string, () => Promise<Failure>, object]>([
    [
      'a wrong secret',
      () => failure({ ...app, AZURE_CLIENT_SECRET: 'wrong' }),
      { code: 'KG187', where: 'AZURE_CLIENT_SECRET' },
    ],
    [
      'an unknown application',
      () => failure({ AZURE_CLIENT_ID: 'a0000000-0000-4000-8000-000000000000', AZURE_CLIENT_SECRET: SECRET }),
      { code: 'KG188', message: expect.stringContaining("'a0000000-0000-4000-8000-000000000000' was not found") },
    ],
    [
      'a tenant that is not there',
      () => failure({ ...app, AZURE_CLIENT_SECRET: SECRET }, { tenant: 'b0000000-0000-4000-8000-000000000000' }),
      { code: 'KG191', where: 'knowngood.yaml: tenant' },
    ],
    [
      'a certificate that nobody uploaded',
      () => failure({ ...app, AZURE_CLIENT_CERTIFICATE_PATH: STRANGER }),
      { code: 'KG190' },
    ],
    [
      'a file that is not there',
      () => failure({ ...app, AZURE_CLIENT_CERTIFICATE_PATH: '/nowhere.pem' }),
      { code: 'KG190', message: 'The certificate cannot be used: there is no such file.' },
    ],
    [
      'a key without its password',
      () => failure({ ...app, AZURE_CLIENT_CERTIFICATE_PATH: ENCRYPTED_CERTIFICATE }),
      {
        code: 'KG190',
        message: expect.stringContaining('its private key is missing, or the password does not open it'),
      },
    ],
    [
      'a certificate without a key',
      () => failure({ ...app, AZURE_CLIENT_CERTIFICATE_PATH: TRUSTED }),
      {
        code: 'KG190',
        message: expect.stringContaining('its private key is missing, or the password does not open it'),
      },
    ],
    [
      'a platform that does not vouch',
      () => failure({ ...github(), ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'wrong' }),
      { code: 'KG193', message: expect.stringContaining('it answered with 401') },
    ],
    [
      'a file without a token',
      () => failure({ ...app, AZURE_FEDERATED_TOKEN_FILE: TRUSTED }),
      { code: 'KG193', where: expect.stringContaining('AZURE_FEDERATED_TOKEN_FILE') },
    ],
    [
      'an authority that does not answer',
      () => failure({ ...app, AZURE_CLIENT_SECRET: SECRET, AZURE_AUTHORITY_HOST: 'https://127.0.0.1:1' }),
      { code: 'KG194', message: expect.stringContaining('nothing answers there') },
    ],
    [
      'an authority without https',
      () => failure({ ...app, AZURE_CLIENT_SECRET: SECRET, AZURE_AUTHORITY_HOST: 'http://127.0.0.1:1' }),
      { code: 'KG198', where: 'AZURE_AUTHORITY_HOST' },
    ],
  ])('for %s', async (_, refused, expected) => {
    const told = await refused();
    expect(told).toMatchObject({ name: 'Failure', remedy: expect.stringMatching(/\.$/), ...expected });
    expect(told.cause).toBeUndefined();
    expect(`${told.message}${told.remedy}${told.where}`).not.toContain(SECRET);
  });

  it('names the subject that was presented where no federated credential fits', async () => {
    const other = await startOpenId({ subject: 'repo:acme/state:pull_request' });
    try {
      const env = {
        ...github(),
        ACTIONS_ID_TOKEN_REQUEST_URL: other.platform.github,
        AZURE_AUTHORITY_HOST: openid.url,
      };
      expect(await failure(env)).toMatchObject({
        code: 'KG189',
        message: expect.stringContaining("subject 'repo:acme/state:pull_request'"),
      });
    } finally {
      await other.close();
    }
  });

  it('explains a given token that Graph does not accept: ended, or asked for more', async () => {
    const ended = sign({ exp: Date.parse('2026-01-02T03:04:05Z') / 1000 });
    const { token } = identity({ KNOWNGOOD_TOKEN: ended });
    expect(await token()).toBe(ended);
    await expect(token({ refused: ended })).rejects.toMatchObject({
      code: 'KG196',
      message: expect.stringContaining('it expired at 2026-01-02T03:04:05.000Z'),
    });
    await expect(token({ refused: ended, claims: '{}' })).rejects.toMatchObject({
      message: expect.stringContaining('continuous access evaluation'),
    });
  });
});
