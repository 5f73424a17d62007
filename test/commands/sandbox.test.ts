import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli, startCli, temporaryFolder } from '../cli/run-cli.js';

const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';

/** Starts the sandbox and waits until it says where it is. */
async function started(
  args: readonly string[],
  cwd: string,
): Promise<{ child: ChildProcessWithoutNullStreams; line: string }> {
  const child = startCli(['sandbox', 'start', ...args], { cwd });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, line };
}

async function stopped(child: ChildProcessWithoutNullStreams, signal: NodeJS.Signals): Promise<number | null> {
  child.kill(signal);
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

/** Something that answers, and is no sandbox; counts the requests that would write. */
async function realTenant(header?: string): Promise<{ url: string; writes: () => number }> {
  let writes = 0;
  const server = createServer((request, response) => {
    if (request.method !== 'GET') writes += 1;
    if (header !== undefined) response.setHeader('x-knowngood-sandbox', header);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ value: [{ id: TENANT }] }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, writes: () => writes };
}

describe('knowngood sandbox start', () => {
  it.each([
    ['SIGINT', 'none', []],
    ['SIGTERM', '60', ['--throttle', '--speed', '60']],
  ] as const)('serves a folder outside any repository until %s, at the pace %s', async (signal, pace, flags) => {
    const cwd = await temporaryFolder();
    const { child, line } = await started(['--data', 'data', '--users', '5', ...flags], cwd);
    const url = /^Sandbox Microsoft Graph at (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1];
    expect(url).toBeDefined();
    const response = await fetch(`${url}/v1.0/users/$count`, {
      headers: { authorization: 'Bearer any', consistencylevel: 'eventual' },
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-knowngood-sandbox')).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get('x-knowngood-sandbox-pace')).toBe(pace);
    await response.body?.cancel();
    expect(await stopped(child, signal)).toBe(0);
  });

  it("serves the state repository's sandbox, and says where as JSON", async () => {
    const cwd = await temporaryFolder();
    await runCli(['init', 'acme', '--tenant', 'sandbox', '--users', '5'], { cwd });
    const child = startCli(['sandbox', 'start', '-C', 'acme', '--json'], { cwd });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    let text = '';
    for await (const piece of child.stdout) {
      text += String(piece);
      if (text.endsWith('}\n')) break;
    }
    const document = JSON.parse(text);
    expect(document).toMatchObject({ format: 1, kind: 'sandbox', dataDir: join(cwd, 'acme', '.knowngood', 'sandbox') });
    const response = await fetch(`${document.url}/v1.0/organization`, { headers: { authorization: 'Bearer any' } });
    expect(response.headers.get('x-knowngood-sandbox')).toBe(document.tenantId);
    await response.body?.cancel();
    const second = await runCli(['sandbox', 'start', '-C', 'acme', '--json'], { cwd });
    expect(second.code).toBe(1);
    expect(JSON.parse(second.stdout).error).toMatchObject({
      code: 'KG174',
      message: expect.stringContaining(document.url),
    });
    expect(await stopped(child, 'SIGTERM')).toBe(0);
  });

  it('refuses the repository of a real tenant', async () => {
    const cwd = await temporaryFolder();
    await runCli(['init', 'acme', '--tenant', TENANT], { cwd });
    const { code, stderr } = await runCli(['sandbox', 'start'], { cwd: join(cwd, 'acme') });
    expect(code).toBe(1);
    expect(stderr).toContain('KG172');
  });

  it('says which port is taken', async () => {
    const cwd = await temporaryFolder();
    const { url } = await realTenant();
    const { code, stderr } = await runCli(['sandbox', 'start', '--data', 'data', '--port', new URL(url).port], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain(new URL(url).port);
  });
});

describe('knowngood sandbox incident', () => {
  it('lists the incidents anywhere', async () => {
    const [text, json] = await Promise.all([
      runCli(['sandbox', 'incident', '--list']),
      runCli(['sandbox', 'incident', '--list', '--json']),
    ]);
    expect([text.code, json.code]).toEqual([0, 0]);
    const document = JSON.parse(json.stdout);
    expect(Object.keys(document)).toEqual(['format', 'incidents']);
    expect(document.format).toBe(1);
    expect(document.incidents.length).toBeGreaterThanOrEqual(4);
    const words = text.stdout.replace(/\s+/g, ' ');
    for (const incident of document.incidents) {
      expect(Object.keys(incident)).toEqual(['name', 'description']);
      expect(words).toContain(` ${incident.name} ${incident.description} `);
    }
  });

  it("acts on the repository's own sandbox", async () => {
    const cwd = await temporaryFolder();
    await runCli(['init', 'acme', '--tenant', 'sandbox', '--users', '20'], { cwd });
    const { code, stdout, stderr } = await runCli(['-C', 'acme', 'sandbox', 'incident', 'mass-disable', '--json'], {
      cwd,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      format: 1,
      kind: 'incident',
      incident: 'mass-disable',
      summary: [expect.stringMatching(/^[1-9]\d* of \d+ enabled users disabled$/)],
      requests: expect.any(Number),
    });
  });

  it.each([
    ['no sandbox', undefined, 'KG171'],
    ['the sandbox of another tenant', '0f8a1c2e-6d1b-4a53-9d0e-3c1f7a2b9e10', 'KG176'],
  ])('refuses %s, with exit code 4', async (_, header, expected) => {
    const cwd = await temporaryFolder();
    await runCli(['init', 'acme', '--tenant', TENANT], { cwd });
    const { url, writes } = await realTenant(header);
    const { code, stdout, stderr } = await runCli(['sandbox', 'incident', 'mass-disable', '-C', 'acme'], {
      cwd,
      env: { KNOWNGOOD_GRAPH_URL: url, KNOWNGOOD_TOKEN: 'token-of-a-real-tenant' },
    });
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toContain(expected);
    expect(stderr).not.toContain('token-of-a-real-tenant');
    expect(writes()).toBe(0);
  });
});

describe('knowngood sandbox token', () => {
  it('makes a token that the sandbox of the repository knows, and takes permissions away', async () => {
    const cwd = await temporaryFolder();
    const { child, line } = await started(['--data', 'data', '--users', '5'], cwd);
    const url = line.slice(line.indexOf('http'));
    const made = await runCli(['sandbox', 'token', '--as', 'reader', '--data', 'data'], { cwd });
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const without = 'User.Read.All,Directory.Read.All';
    const args = ['sandbox', 'token', '--as', 'reader', '--data', 'data', '--without', without, '--json'];
    const less = JSON.parse((await runCli(args, { cwd })).stdout);
    expect(less).toMatchObject({ format: 1, kind: 'sandbox-token' });
    const status = async (token: string) =>
      (await fetch(`${url}/v1.0/users?$top=1`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect([await status(made.stdout.trim()), await status(less.token)]).toEqual([200, 403]);
    expect(await stopped(child, 'SIGTERM')).toBe(0);
  });

  it('names a permission that is misspelled, and a folder without a sandbox', async () => {
    const cwd = await temporaryFolder();
    await runCli(['init', 'acme', '--tenant', 'sandbox', '--users', '5'], { cwd });
    const [misspelled, nowhere] = await Promise.all([
      runCli(['sandbox', 'token', '--as', 'reader', '-C', 'acme', '--without', 'User.Raed.All'], { cwd }),
      runCli(['sandbox', 'token', '--as', 'reader', '--data', 'nothing'], { cwd }),
    ]);
    expect(misspelled.code).toBe(1);
    expect(misspelled.stderr).toMatch(/KG006[\s\S]*User\.Read\.All/);
    expect(nowhere.code).toBe(1);
    expect(nowhere.stderr).toContain('KG174');
  });
});
