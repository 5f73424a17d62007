import { describe, expect, it } from 'vitest';
import { chooseSource, type Environment, hasOwnApplyIdentity } from '../../src/identity/sources.js';
import { Failure } from '../../src/model/problem.js';

const TENANT = '1fb67de7-8872-4a4a-8359-4f7fd4c28a36';
const app = { AZURE_CLIENT_ID: 'app' };
const github = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://gh', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'gt' };
const pipelines = { SYSTEM_OIDCREQUESTURI: 'https://ado', SYSTEM_ACCESSTOKEN: 'at' };

/** What is chosen: the kind, and why; or the code and place of the failure. */
function chosen(env: Environment, purpose: 'read' | 'apply' = 'read'): string {
  try {
    const source = chooseSource(env, TENANT, purpose);
    return source === undefined ? 'none' : `${source.kind}: ${source.because}`;
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    return `${cause.code} ${cause.where}`;
  }
}

describe('the way of signing in', () => {
  it.each<[string, Environment, string]>([
    ['nothing is set', {}, 'none'],
    ['a token', { ...app, KNOWNGOOD_TOKEN: 't', AZURE_CLIENT_SECRET: 's' }, 'token: KNOWNGOOD_TOKEN is set'],
    ['a secret', { ...app, AZURE_CLIENT_SECRET: 's', ...github }, 'secret: AZURE_CLIENT_SECRET is set'],
    [
      'a certificate',
      { ...app, AZURE_CLIENT_CERTIFICATE_PATH: 'c' },
      'certificate: AZURE_CLIENT_CERTIFICATE_PATH is set',
    ],
    ['GitHub', { ...app, ...github }, 'github: ACTIONS_ID_TOKEN_REQUEST_URL is set'],
    ['GitHub, for whoever signs in by az', { ...github }, 'none'],
    [
      'Pipelines',
      { ...app, ...pipelines, AZURE_SERVICE_CONNECTION_ID: 'sc' },
      'azure-pipelines: SYSTEM_OIDCREQUESTURI is set',
    ],
    [
      'a task of Pipelines',
      { ...pipelines, AZURESUBSCRIPTION_CLIENT_ID: 'app', AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: 'sc' },
      'azure-pipelines: SYSTEM_OIDCREQUESTURI is set',
    ],
    ['a token file', { ...app, AZURE_FEDERATED_TOKEN_FILE: 'f' }, 'federated-file: AZURE_FEDERATED_TOKEN_FILE is set'],
    ['a managed identity', { IDENTITY_ENDPOINT: 'http://x' }, 'managed-identity: IDENTITY_ENDPOINT is set'],
    [
      'a named one',
      { KNOWNGOOD_SIGN_IN: 'managed-identity' },
      'managed-identity: KNOWNGOOD_SIGN_IN is managed-identity',
    ],
    ['Azure CLI, only by name', { KNOWNGOOD_SIGN_IN: 'azure-cli' }, 'azure-cli: KNOWNGOOD_SIGN_IN is azure-cli'],
    [
      'one of several, by name',
      { ...app, ...github, AZURE_CLIENT_SECRET: 's', KNOWNGOOD_SIGN_IN: 'github' },
      'github: KNOWNGOOD_SIGN_IN is github',
    ],
    [
      'an empty variable',
      { ...app, AZURE_CLIENT_SECRET: '', AZURE_CLIENT_CERTIFICATE_PATH: 'c' },
      'certificate: AZURE_CLIENT_CERTIFICATE_PATH is set',
    ],
  ])('with %s', (_, env, expected) => expect(chosen(env)).toBe(expected));

  it.each<[string, Environment, string]>([
    ['a secret without an application', { AZURE_CLIENT_SECRET: 's' }, 'KG185 AZURE_CLIENT_ID'],
    ['an application without proof', app, 'KG185 AZURE_CLIENT_ID'],
    ['half of what GitHub sets', { ...app, ACTIONS_ID_TOKEN_REQUEST_URL: 'x' }, 'KG185 ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
    ['no service connection', { ...app, ...pipelines }, 'KG185 AZURE_SERVICE_CONNECTION_ID'],
    [
      'no access token of the job',
      { ...app, SYSTEM_OIDCREQUESTURI: 'x', AZURE_SERVICE_CONNECTION_ID: 'sc' },
      'KG185 SYSTEM_ACCESSTOKEN',
    ],
    ['an unknown way', { KNOWNGOOD_SIGN_IN: 'magic' }, 'KG185 KNOWNGOOD_SIGN_IN'],
    ['a named way that lacks something', { KNOWNGOOD_SIGN_IN: 'secret' }, 'KG185 AZURE_CLIENT_SECRET'],
    ['another tenant', { ...app, AZURE_CLIENT_SECRET: 's', AZURE_TENANT_ID: 'other' }, 'KG186 AZURE_TENANT_ID'],
    ['a token that is none', { KNOWNGOOD_TOKEN: 'a b' }, 'KG119 KNOWNGOOD_TOKEN'],
  ])('is refused with %s', (_, env, expected) => expect(chosen(env)).toBe(expected));

  it('refuses another tenant with exit code 4, and takes the same one in any case of letters', () => {
    const env = { ...app, AZURE_CLIENT_SECRET: 's' };
    expect(() => chooseSource({ ...env, AZURE_TENANT_ID: 'x' }, TENANT, 'read')).toThrow(
      expect.objectContaining({ exit: 4 }),
    );
    expect(chosen({ ...env, AZURE_TENANT_ID: TENANT.toUpperCase() })).toBe('secret: AZURE_CLIENT_SECRET is set');
  });

  it('tells what GitHub and Pipelines need to vouch for a job', () => {
    const remedy = (env: Environment) => {
      try {
        return String(chooseSource(env, TENANT, 'read'));
      } catch (cause) {
        return (cause as Failure).remedy;
      }
    };
    expect(remedy({ ...app, GITHUB_ACTIONS: 'true' })).toContain('id-token: write');
    expect(remedy({ ...app, TF_BUILD: 'True' })).toContain('SYSTEM_ACCESSTOKEN');
  });
});

describe('the identity of apply', () => {
  const reading = { ...app, AZURE_CLIENT_SECRET: 'reading' };

  it('is the reading one as long as it has none of its own', () => {
    expect(chosen(reading, 'apply')).toBe('secret: AZURE_CLIENT_SECRET is set');
    expect(hasOwnApplyIdentity(reading)).toBe(false);
  });

  it('is its own as soon as one of its variables is set, and nothing of the reading one is mixed in', () => {
    const env = { ...reading, ...github, KNOWNGOOD_APPLY_CLIENT_ID: 'writer' };
    expect(chooseSource(env, TENANT, 'apply')).toMatchObject({ kind: 'github', clientId: 'writer' });
    expect(chooseSource(env, TENANT, 'read')).toMatchObject({ kind: 'secret', clientId: 'app' });
    expect(chosen({ ...reading, KNOWNGOOD_APPLY_CLIENT_ID: 'writer' }, 'apply')).toBe(
      'KG185 KNOWNGOOD_APPLY_CLIENT_ID',
    );
    expect(chosen({ ...reading, KNOWNGOOD_APPLY_CLIENT_SECRET: 's' }, 'apply')).toBe('KG185 KNOWNGOOD_APPLY_CLIENT_ID');
    expect(chosen({ KNOWNGOOD_TOKEN: 'r', KNOWNGOOD_APPLY_TOKEN: 'w' }, 'apply')).toBe(
      'token: KNOWNGOOD_APPLY_TOKEN is set',
    );
  });
});
