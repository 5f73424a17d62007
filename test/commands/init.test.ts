import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { cleanEnvironment, runCli, temporaryFolder } from '../cli/run-cli.js';

const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';

async function git(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', args, { cwd, env: cleanEnvironment() });
  return stdout.trim();
}

describe('knowngood init', () => {
  it('makes a git repository with the configuration committed', async () => {
    const cwd = await temporaryFolder();
    const { code, stdout, stderr } = await runCli(['init', 'acme', '--tenant', TENANT.toUpperCase()], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('cd acme\n  knowngood snapshot');
    const acme = join(cwd, 'acme');
    expect(await git(acme, 'ls-tree', '-r', '--name-only', 'main')).toBe('.gitattributes\n.gitignore\nknowngood.yaml');
    expect(await git(acme, 'status', '--porcelain')).toBe('');
    expect(await git(acme, 'log', '-1', '--format=%an <%ae>')).toBe('knowngood <knowngood@localhost>');
    expect(await readFile(join(acme, 'knowngood.yaml'), 'utf8')).toBe(`format: 1\ntenant: ${TENANT}\n`);
    expect(await readFile(join(acme, '.gitattributes'), 'utf8')).toBe('tenant-state/** -text\n');
    expect(await readFile(join(acme, '.gitignore'), 'utf8')).toBe('.knowngood/\n');
  });

  it('makes a repository of its own inside another one, in the current folder', async () => {
    const outer = await temporaryFolder();
    await git(outer, 'init', '--quiet');
    const inner = join(outer, 'inner');
    await mkdir(inner);
    await writeFile(join(inner, 'README.md'), 'mine\n');
    const { code, stdout } = await runCli(['init', '--tenant', TENANT, '--branch', 'backups', '--json'], {
      cwd: inner,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      format: 1,
      kind: 'init',
      directory: inner,
      tenant: TENANT,
      branch: 'backups',
      commit: await git(inner, 'rev-parse', 'refs/heads/backups'),
      files: ['knowngood.yaml', '.gitattributes', '.gitignore'],
      next: ['knowngood snapshot'],
    });
    expect(await git(inner, 'rev-parse', '--show-toplevel')).toBe(inner);
    expect(await readFile(join(inner, 'knowngood.yaml'), 'utf8')).toContain('branch: "backups"');
    expect(await readFile(join(inner, 'README.md'), 'utf8')).toBe('mine\n');
  });

  it('makes the data of a sandbox tenant', async () => {
    const cwd = await temporaryFolder();
    const args = ['init', 'acme', '--tenant', 'sandbox', '--users', '12', '--json'];
    const { code, stdout } = await runCli(args, { cwd });
    expect(code).toBe(0);
    const { sandbox, next } = JSON.parse(stdout);
    expect(sandbox).toMatchObject({ users: 12, tenantId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(sandbox.objects).toBeGreaterThan(12);
    expect(next).toEqual(['cd acme', 'knowngood snapshot']);
    expect(existsSync(join(cwd, 'acme', '.knowngood', 'sandbox'))).toBe(true);
    expect(await git(join(cwd, 'acme'), 'status', '--porcelain')).toBe('');
  });

  it.each([
    ['knowngood.yaml', 'KG165'],
    ['.gitignore', 'KG166'],
    ['.gitattributes', 'KG166'],
  ])('overwrites no %s', async (name, expected) => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, name), 'mine\n');
    const { code, stderr } = await runCli(['init', '--tenant', 'sandbox'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain(expected);
    expect(stderr).toContain(`where: ${join(cwd, name)}`);
    expect(await readdir(cwd)).toEqual([name]);
    expect(await readFile(join(cwd, name), 'utf8')).toBe('mine\n');
  });

  it('refuses a file where the folder should be', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'acme'), 'mine\n');
    const { code, stderr } = await runCli(['init', 'acme', '--tenant', TENANT], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('KG164');
  });

  it('takes -C for the folder, as the other commands do', async () => {
    const cwd = await temporaryFolder();
    const { code } = await runCli(['-C', 'acme', 'init', '--tenant', TENANT], { cwd });
    expect(code).toBe(0);
    expect((await runCli(['-C', 'acme', 'backups', '--json'], { cwd })).code).toBe(0);
  });

  it('leaves nothing behind when git refuses', async () => {
    const cwd = await temporaryFolder();
    const args = ['init', 'some/where/acme', '--tenant', 'sandbox', '--users', '3', '--branch', 'a..b'];
    const { code } = await runCli(args, { cwd });
    expect(code).toBe(1);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('leaves what was there when git refuses', async () => {
    const cwd = await temporaryFolder();
    await git(cwd, 'init', '--quiet', '--initial-branch=trunk');
    const { code, stderr } = await runCli(['init', '--tenant', 'sandbox', '--users', '3'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('--branch trunk');
    expect(await readdir(cwd)).toEqual(['.git']);
    const again = await runCli(['init', '--tenant', 'sandbox', '--users', '3', '--branch', 'trunk'], { cwd });
    expect(again.code).toBe(0);
  });

  it('says so when git is missing', async () => {
    const cwd = await temporaryFolder();
    const { code, stderr } = await runCli(['init', 'acme', '--tenant', TENANT], { cwd, env: { PATH: cwd } });
    expect(code).toBe(1);
    expect(stderr).toContain('KG404');
    expect(await readdir(cwd)).toEqual([]);
  });
});
