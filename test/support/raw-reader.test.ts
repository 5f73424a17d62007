/** The judge itself: what it reads, what it takes for equal, and what it does not. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/index.js';
import { compareAlive, compareTenants, readTenant, type TenantDump } from './raw-reader.mjs';

const PROGRAM = fileURLToPath(new URL('./raw-reader.mjs', import.meta.url));

let folder: string;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let tenant: TenantDump;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'knowngood-reader-'));
  sandbox = await startSandbox({ dataDir: join(folder, 'data'), users: 20 });
  tenant = await readTenant(sandbox.url);
});

afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const copy = (): TenantDump => structuredClone(tenant);
const first = (list: string): [string, Record<string, unknown>] => Object.entries(tenant[list] ?? {})[0] ?? ['', {}];

describe('what it reads', () => {
  it('is every list, with something in it', () => {
    for (const [name, objects] of Object.entries(tenant)) expect(Object.keys(objects).length, name).toBeGreaterThan(0);
    expect(Object.keys(tenant)).toHaveLength(21);
  });

  it('knows edges by what they connect, and neither by their ids nor by their dates', () => {
    const [key, { principalId, resourceId, appRoleId, ...more }] = first('assignments');
    expect(key).toBe(`${principalId}_${resourceId}_${appRoleId}`);
    expect(Object.keys(more)).not.toContain('createdDateTime');
    expect(Object.keys(tenant.grants ?? {}).every((id) => /_(?:AllPrincipals|Principal)_/.test(id))).toBe(true);
  });

  it('holds credentials as they are listed, strengths with their configurations, users with their second factor', () => {
    const applications = Object.values(tenant.applications ?? {});
    expect(applications.some(({ passwordCredentials: found }) => Array.isArray(found) && found.length > 0)).toBe(true);
    const configured = Object.values(tenant.strengths ?? {}).map((strength) => strength.combinationConfigurations);
    expect(configured.some((found) => Object.keys(found as object).length > 0)).toBe(true);
    const states = Object.values(tenant.users ?? {}).map(({ perUserMfaState }) => perUserMfaState);
    expect(new Set(states)).toEqual(new Set(['disabled', 'enabled', 'enforced']));
  });
});

describe('the comparison of two tenants', () => {
  it('finds none between a tenant and itself, in whatever order it is written', () => {
    expect(compareTenants(tenant, copy())).toEqual([]);
    const other = copy();
    for (const objects of Object.values(other))
      for (const object of Object.values(objects))
        for (const value of Object.values(object)) if (Array.isArray(value)) value.reverse();
    expect(compareTenants(tenant, other)).toEqual([]);
  });

  it.each(['users', 'applications', 'servicePrincipals', 'grants', 'assignments', 'roleAssignments', 'organizations'])(
    'sees when one of %s is gone, new or changed',
    (list) => {
      const [id] = first(list);
      const less = copy();
      delete less[list]?.[id];
      expect(compareTenants(tenant, less)).toEqual([expect.stringMatching(`^${list}/.*: missing afterwards$`)]);
      expect(compareTenants(less, tenant)).toEqual([expect.stringMatching(`^${list}/.*: not there before$`)]);
      const other = copy();
      Object.assign(other[list]?.[id] ?? {}, { added: 'by somebody' });
      expect(compareTenants(tenant, other)).toEqual([expect.stringContaining('added: was absent, is "by somebody"')]);
    },
  );

  it('sees a word more in a scope', () => {
    const other = copy();
    const [id] = first('grants');
    const grant = other.grants?.[id] ?? {};
    grant.scope = [...(grant.scope as string[]), 'Mail.Send'];
    expect(compareTenants(tenant, other)).toEqual([expect.stringMatching(/^grants\/.* scope: gained "Mail\.Send"$/)]);
  });
});

describe('the comparison of what is alive', () => {
  it('lets more objects be there, and none of them fewer', () => {
    const more = copy();
    Object.assign(more.users ?? {}, { new: { id: 'new' } });
    expect(compareAlive(tenant, more)).toEqual([]);
    expect(compareAlive(more, tenant)).toHaveLength(1);
  });

  it('does not look at recycle bins', () => {
    expect(compareAlive(tenant, { ...copy(), deletedUsers: {} })).toEqual([]);
  });

  it('lets no edge be there that was not, but for one of what was in a recycle bin', () => {
    const edge = (principalId: string) => {
      const other = copy();
      Object.assign(other.assignments ?? {}, { [`${principalId}_b_c`]: { principalId } });
      return compareAlive(tenant, other);
    };
    expect(edge('a')).toEqual([expect.stringContaining('not there before')]);
    expect(edge(first('deletedUsers')[0])).toEqual([]);
  });
});

describe('the program', () => {
  it('compares two files, and its exit code says whether they are the same', () => {
    const file = (name: string, content: unknown) => {
      writeFileSync(join(folder, name), JSON.stringify(content));
      return join(folder, name);
    };
    const [one, two] = [file('one.json', tenant), file('two.json', { ...copy(), policies: {} })];
    expect(execFileSync(process.execPath, [PROGRAM, '--compare', one, one], { encoding: 'utf8' })).toBe('');
    expect(() => execFileSync(process.execPath, [PROGRAM, '--compare', one, two], { stdio: 'pipe' })).toThrow(
      'Command failed',
    );
  });
});
