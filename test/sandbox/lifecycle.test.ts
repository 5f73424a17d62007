import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createSandbox, openSandbox, sandboxExists, startSandbox } from '../../src/sandbox/lifecycle.js';
import { certificate } from '../support/certificate.js';
import {
  clientOf,
  ids,
  type Json,
  seed,
  seededFolder,
  start,
  startTime,
  temporaryFolder,
  tenantId,
} from './support.js';

const lockOf = (dataDir: string): Json => JSON.parse(readFileSync(join(dataDir, 'lock'), 'utf8')) as Json;
const repository = join(import.meta.dirname, '..', '..');

/** The id of a process that has ended. */
function deadPid(): number {
  return Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
}

describe('creating data', () => {
  it('makes a tenant once', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    expect(await sandboxExists(dataDir)).toBe(false);
    const created = await createSandbox({ dataDir, users: 20 });
    expect(created.objects).toBeGreaterThan(20);
    expect(await sandboxExists(dataDir)).toBe(true);
    await expect(createSandbox({ dataDir, users: 20 })).rejects.toMatchObject({
      name: 'SandboxError',
      code: 'sandbox-exists',
      remedy: expect.any(String),
    });
    const sandbox = await start(seed, { dataDir });
    expect(sandbox.tenantId).toBe(created.tenantId);
    expect(await sandbox.all('/users?$select=id')).toHaveLength(20);
  });

  it('makes the same generated tenant for the same number of users', async () => {
    const made = await Promise.all(
      [1, 2].map(() => createSandbox({ dataDir: join(temporaryFolder(), 'data'), users: 30 })),
    );
    expect(made[0]).toEqual(made[1]);
  });

  it('starts on an empty folder', async () => {
    const sandbox = await start(seed, { dataDir: join(temporaryFolder(), 'new', 'data'), users: 10 });
    expect(await sandbox.all('/users?$select=id')).toHaveLength(10);
  });
});

describe('a state folder', () => {
  function stateFolder(): string {
    const root = temporaryFolder();
    const write = (path: string, lines: string[]) => {
      mkdirSync(join(root, 'tenant-state', path, '..'), { recursive: true });
      writeFileSync(join(root, 'tenant-state', path), `${lines.join('\n')}\n`);
    };
    write(`users/a00/${ids.ada}.yaml`, [
      `id: ${ids.ada}`,
      'displayName: Ada',
      'userPrincipalName: ada@contoso.com',
      'city: null',
      'businessPhones: []',
      'manager: x',
    ]);
    write(`users/a00/${ids.bob}.yaml`, [
      `id: ${ids.bob}`,
      'displayName: Bob',
      'userPrincipalName: bob@fabrikam.com',
      'deletedDateTime: "2020-01-01T00:00:00Z"',
    ]);
    write(`groups/b00/${ids.security}.yaml`, [
      `id: ${ids.security}`,
      'displayName: G',
      'securityEnabled: true',
      'members:',
      `  - ${ids.ada}`,
      `  - ${ids.bob}`,
    ]);
    write(`conditionalAccessPolicies/${ids.mfaPolicy}.yaml`, [
      `id: ${ids.mfaPolicy}`,
      'displayName: P',
      'state: enabled',
      'grantControls:',
      '  operator: OR',
      '  authenticationStrength: 00000000-0000-0000-0000-000000000002',
    ]);
    write(`namedLocations/${ids.countries}.yaml`, [
      `id: ${ids.countries}`,
      '"@odata.type": "#microsoft.graph.countryNamedLocation"',
      'displayName: L',
      'countriesAndRegions:',
      '  - DE',
    ]);
    return root;
  }

  it('becomes the tenant, with members and recycle bin', async () => {
    const from = stateFolder();
    const sandbox = await start(seed, { dataDir: join(temporaryFolder(), 'data'), from });
    expect((await sandbox.get('/organization')).body.value).toMatchObject([
      { verifiedDomains: [{ name: 'contoso.com' }, { name: 'fabrikam.com' }] },
    ]);
    expect(await sandbox.all('/users?$select=id')).toEqual([{ id: ids.ada }]);
    expect(
      (await sandbox.get('/directory/deletedItems/microsoft.graph.user?$select=id,deletedDateTime')).body.value,
    ).toEqual([{ id: ids.bob, deletedDateTime: '2020-01-01T00:00:00Z' }]);
    expect(await sandbox.all(`/groups/${ids.security}/members?$select=id`)).toHaveLength(1);
    expect(
      (await sandbox.get(`/identity/conditionalAccess/policies/${ids.mfaPolicy}`)).body.grantControls,
    ).toMatchObject({ authenticationStrength: { displayName: 'Multifactor authentication' } });
    expect((await sandbox.all('/identity/conditionalAccess/namedLocations'))[0]).toMatchObject({
      countriesAndRegions: ['DE'],
    });
  });

  it('gives the same tenant id for the same content, and data from it is used again', async () => {
    const from = stateFolder();
    const dataDir = join(temporaryFolder(), 'data');
    const first = await createSandbox({ dataDir, from });
    expect(await createSandbox({ dataDir: join(temporaryFolder(), 'data'), from: join(from, 'tenant-state') })).toEqual(
      first,
    );
    expect((await start(seed, { dataDir, from })).tenantId).toBe(first.tenantId);
  });

  it('is another tenant than the one it is a backup of, for every object that names its tenant', async () => {
    const from = stateFolder();
    const backedUp = '0d9e7b52-2f6c-4f7e-9a41-5c0f1f0a7d11';
    const write = (path: string, lines: string[]) => {
      mkdirSync(join(from, 'tenant-state', path, '..'), { recursive: true });
      writeFileSync(join(from, 'tenant-state', path), `${lines.join('\n')}\n`);
    };
    write('organization.yaml', [`id: ${backedUp}`, 'displayName: Contoso']);
    write(`servicePrincipals/c00/${ids.countries.replace(/^./, 'c')}.yaml`, [
      `id: ${ids.countries.replace(/^./, 'c')}`,
      `appId: ${ids.countries.replace(/^./, 'd')}`,
      'displayName: S',
      `appOwnerOrganizationId: ${backedUp}`,
    ]);
    const sandbox = await start(seed, { dataDir: join(temporaryFolder(), 'data'), from });
    expect(sandbox.tenantId).not.toBe(backedUp);
    expect(await sandbox.all('/servicePrincipals?$select=appOwnerOrganizationId')).toEqual([
      { appOwnerOrganizationId: sandbox.tenantId },
    ]);
    expect((await sandbox.get('/organization')).body.value).toMatchObject([
      { id: sandbox.tenantId, displayName: 'Contoso' },
    ]);
  });

  it('cannot replace other data', async () => {
    await expect(startSandbox({ dataDir: seededFolder(), from: stateFolder() })).rejects.toMatchObject({
      code: 'sandbox-exists',
    });
  });

  it('is refused when it holds nothing, or something wrong', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    await expect(createSandbox({ dataDir, from: temporaryFolder() })).rejects.toMatchObject({
      name: 'SandboxError',
      code: 'sandbox-from',
    });
    const from = stateFolder();
    writeFileSync(join(from, 'tenant-state', 'users', 'x.yaml'), 'a: [');
    await expect(createSandbox({ dataDir, from })).rejects.toMatchObject({
      code: 'sandbox-from',
      message: expect.stringContaining('x.yaml'),
    });
    expect(await sandboxExists(dataDir)).toBe(false);
  });
});

describe('persistence', () => {
  const changeAll = async (url: string) => {
    const { call } = clientOf(url);
    await call('PATCH', `/users/${ids.ada}`, { city: 'Bonn', department: null });
    await call('DELETE', `/users/${ids.bob}`);
    await call('POST', `/directory/deletedItems/${ids.binned}/restore`, { newUserPrincipalName: 'back@contoso.com' });
    await call('PATCH', `/groups/${ids.security}`, { 'members@odata.bind': [`x/users/${ids.synced}`] });
    await call('DELETE', `/groups/${ids.security}/members/${ids.ada}/$ref`);
    await call('POST', '/groups', {
      displayName: 'New',
      mailEnabled: false,
      mailNickname: 'new',
      securityEnabled: true,
    });
    await call('DELETE', `/groups/${ids.distribution}`);
  };
  const everything = async (url: string) => {
    const { all } = clientOf(url);
    const lists = [
      '/users',
      '/groups',
      '/directory/deletedItems/microsoft.graph.user',
      `/groups/${ids.security}/members`,
      '/identity/conditionalAccess/policies',
    ];
    return Promise.all(lists.map((path) => all(path)));
  };

  it('has the same tenant after a start on a copy taken while it ran, whatever was torn at the end', async () => {
    const first = await start();
    await changeAll(first.url);
    const before = await everything(first.url);
    const dataDir = join(temporaryFolder(), 'copy');
    cpSync(first.dataDir, dataDir, { recursive: true });
    rmSync(join(dataDir, 'lock'));
    const whole = readFileSync(join(dataDir, 'log.jsonl'), 'utf8');
    appendFileSync(join(dataDir, 'log.jsonl'), '{"op":"delete","at":"2026-11-20T12:00:00Z","id":"a0');
    const second = await start(seed, { dataDir });
    expect(await everything(second.url)).toEqual(before);
    expect(readFileSync(join(dataDir, 'log.jsonl'), 'utf8')).toBe(whole);
    await second.call('PATCH', `/users/${ids.ada}`, { city: 'Köln' });
    expect(readFileSync(join(dataDir, 'log.jsonl'), 'utf8').slice(whole.length)).toMatch(
      /^\{"op":"update".*Köln.*\}\n$/,
    );
  });

  it('begins the log with what the tenant was made from', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    await createSandbox({ dataDir, users: 10, clock: () => new Date(startTime) });
    expect(readFileSync(join(dataDir, 'log.jsonl'), 'utf8')).toBe(`{"createdAt":"${startTime}","seed":{"users":10}}\n`);
  });

  it('refuses a log that does not fit', async () => {
    const dataDir = seededFolder();
    appendFileSync(join(dataDir, 'log.jsonl'), '{"op":"delete","at":"2026-11-20T12:00:00Z","id":"nobody"}\n');
    await expect(startSandbox({ dataDir })).rejects.toMatchObject({
      code: 'sandbox-damaged',
      message: expect.stringContaining('line 2'),
    });
    expect(existsSync(join(dataDir, 'lock'))).toBe(false);
  });

  it('remembers what aged out of the recycle bin', async () => {
    const dataDir = seededFolder();
    const later = await start(seed, {
      dataDir,
      clock: () => new Date(Date.parse(startTime) + 40 * 24 * 60 * 60 * 1000),
    });
    expect(await later.all('/directory/deletedItems/microsoft.graph.user')).toEqual([]);
    await later.close();
    const earlier = await start(seed, { dataDir });
    expect(await earlier.all('/directory/deletedItems/microsoft.graph.user')).toEqual([]);
  });
});

describe('the lock', () => {
  it('names process, address and tenant, and goes with the sandbox', async () => {
    const sandbox = await start();
    expect(lockOf(sandbox.dataDir)).toEqual({ pid: process.pid, url: sandbox.url, tenantId });
    await expect(startSandbox({ dataDir: sandbox.dataDir })).rejects.toMatchObject({ code: 'sandbox-locked' });
    await sandbox.close();
    expect(existsSync(join(sandbox.dataDir, 'lock'))).toBe(false);
  });

  it('is joined by others, and the owner waits for them', async () => {
    const dataDir = seededFolder();
    const owner = await openSandbox({ dataDir });
    const joined = await openSandbox({ dataDir });
    expect(owner).toMatchObject({ owner: true, tenantId });
    expect(joined).toMatchObject({ owner: false, tenantId, url: owner.url });
    let closed = false;
    const closing = owner.close().then(() => {
      closed = true;
    });
    expect((await clientOf(joined.url).get('/users')).status).toBe(200);
    expect([closed, existsSync(join(dataDir, 'lock'))]).toEqual([false, true]);
    await joined.close();
    await closing;
    expect(existsSync(join(dataDir, 'lock'))).toBe(false);
  });

  it('has one owner when many start in the same moment', async () => {
    const dataDir = seededFolder();
    const open = await Promise.all(Array.from({ length: 8 }, () => openSandbox({ dataDir })));
    expect(open.filter((connection) => connection.owner)).toHaveLength(1);
    expect(new Set(open.map((connection) => connection.url)).size).toBe(1);
    await Promise.all(open.map((connection) => connection.close()));
  });

  it.each<[string, () => Json]>([
    ['of a dead process', () => ({ pid: deadPid(), url: 'http://127.0.0.1:9', tenantId })],
    ['of a process that serves something else', () => ({ pid: process.pid, url: 'http://127.0.0.1:9', tenantId })],
    ['that is no JSON object', () => [] as unknown as Json],
  ])('%s is taken over, by one', async (_, content) => {
    const dataDir = seededFolder();
    writeFileSync(join(dataDir, 'lock'), JSON.stringify(content()));
    const open = await Promise.all(Array.from({ length: 4 }, () => openSandbox({ dataDir })));
    expect(open.filter((connection) => connection.owner)).toHaveLength(1);
    expect(lockOf(dataDir)).toMatchObject({ pid: process.pid, url: open[0]?.url });
    await Promise.all(open.map((connection) => connection.close()));
  });

  it('changes hands without losing a change', async () => {
    const dataDir = seededFolder();
    const visit = async (name: string) => {
      for (let n = 0; n < 8; n++) {
        const connection = await openSandbox({ dataDir });
        const { status } = await clientOf(connection.url).call('PATCH', `/users/${ids.ada}`, { city: `${name} ${n}` });
        expect(status).toBe(204);
        await connection.close();
      }
    };
    await Promise.all(['a', 'b', 'c', 'd'].map(visit));
    expect(existsSync(join(dataDir, 'lock'))).toBe(false);
    expect(readFileSync(join(dataDir, 'log.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(1 + 4 * 8);
  });

  it('needs no token on its control paths, which are not logged', async () => {
    const sandbox = await start();
    expect((await fetch(`${sandbox.url}/.knowngood/ping`)).status).toBe(200);
    expect((await fetch(`${sandbox.url}/.knowngood/other`)).status).toBe(404);
    await sandbox.get('/organization');
    expect(sandbox.requests()).toHaveLength(1);
  });

  it('tells a port that is in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    await expect(startSandbox({ dataDir: seededFolder(), port })).rejects.toMatchObject({
      name: 'SandboxError',
      code: 'port-in-use',
    });
  });
});

describe('several processes', () => {
  const outDir = join(repository, 'node_modules', '.cache', `knowngood-sandbox-${process.pid}`);
  const script = join(outDir, 'open.mjs');

  beforeAll(() => {
    mkdirSync(outDir, { recursive: true });
    // Complete in itself: nothing but these files is compiled, and everything goes to the folder of this test.
    const config = {
      compilerOptions: {
        target: 'es2023',
        module: 'nodenext',
        resolveJsonModule: true,
        skipLibCheck: true,
        types: ['node'],
        typeRoots: [join(repository, 'node_modules', '@types')],
        rootDir: join(repository, 'src', 'sandbox'),
        outDir,
      },
      files: [join(repository, 'src', 'sandbox', 'lifecycle.ts')],
      include: [],
    };
    writeFileSync(join(outDir, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(join(outDir, 'package.json'), '{"type":"module"}');
    execFileSync(process.execPath, [
      join(repository, 'node_modules', 'typescript', 'bin', 'tsc'),
      '-p',
      join(outDir, 'tsconfig.json'),
    ]);
    // Opens the sandbox, prints what it got, and closes it when its input ends.
    writeFileSync(
      script,
      `import { openSandbox } from './lifecycle.js';
       const { url, owner, close } = await openSandbox({ dataDir: process.argv[2] });
       console.log(JSON.stringify({ url, owner }));
       process.stdin.resume().on('end', async () => { await close(); console.log('closed'); });`,
    );
  }, 60_000);
  afterAll(() => rmSync(outDir, { recursive: true, force: true }));

  async function open(
    dataDir: string,
  ): Promise<{ child: ChildProcess; url: string; owner: boolean; ended: Promise<number | null> }> {
    const child = spawn(process.execPath, [script, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
    const line = await new Promise<string>((resolve) => child.stdout?.once('data', (data) => resolve(String(data))));
    return { child, ended, ...(JSON.parse(line) as { url: string; owner: boolean }) };
  }

  it('have one owner, who leaves last', async () => {
    const dataDir = seededFolder();
    const processes = await Promise.all([1, 2, 3, 4].map(() => open(dataDir)));
    const owner = processes.find((each) => each.owner);
    const others = processes.filter((each) => each !== owner);
    expect(others.map((each) => each.url)).toEqual(Array(3).fill(owner?.url));
    owner?.child.stdin?.end();
    expect((await clientOf(String(owner?.url)).get('/users')).status).toBe(200);
    others[0]?.child.kill('SIGKILL');
    for (const each of others) each.child.stdin?.end();
    expect(await owner?.ended).toBe(0);
    expect(existsSync(join(dataDir, 'lock'))).toBe(false);
  });

  it('lose nothing that was answered when the owner is killed', async () => {
    const dataDir = seededFolder();
    const first = await open(dataDir);
    const { call } = clientOf(first.url);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => call('PATCH', `/users/${ids.ada}`, { city: `City ${n}` })),
    );
    expect(answers.every((answer) => answer.status === 204)).toBe(true);
    expect((await call('DELETE', `/users/${ids.bob}`)).status).toBe(204);
    first.child.kill('SIGKILL');
    await first.ended;
    const log = readFileSync(join(dataDir, 'log.jsonl'), 'utf8').trimEnd().split('\n');
    expect(log).toHaveLength(42);
    const second = await open(dataDir);
    expect(second.owner).toBe(true);
    const after = clientOf(second.url);
    expect((await after.get(`/users/${ids.ada}?$select=city`)).body.city).toBe(
      (JSON.parse(String(log[40])) as { set: Json }).set.city,
    );
    expect((await after.get(`/directory/deletedItems/${ids.bob}`)).status).toBe(200);
  });
});

describe('TLS', () => {
  it('serves HTTPS with links of that scheme', async () => {
    const { key, cert } = certificate();
    const sandbox = await start(seed, { tls: { key, cert } });
    expect(sandbox.url).toMatch(/^https:/);
    const text = await new Promise<string>((resolve, reject) => {
      const request = get(
        `${sandbox.url}/v1.0/users?$top=1`,
        { ca: cert, headers: { Authorization: 'Bearer any' } },
        (response) => {
          let body = '';
          response.on('data', (part) => {
            body += part;
          });
          response.on('end', () => resolve(body));
        },
      );
      request.on('error', reject);
    });
    expect((JSON.parse(text) as Json)['@odata.nextLink']).toMatch(/^https:\/\/127\.0\.0\.1:/);
    const joined = await openSandbox({ dataDir: sandbox.dataDir });
    expect(joined.owner).toBe(false);
    await joined.close();
  });
});
