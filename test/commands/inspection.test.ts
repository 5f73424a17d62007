/** coverage, show, validate, CSV and lists of objects, as a person types them. */

import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CliResult, runCli, startCli, temporaryFolder } from '../cli/run-cli.js';
import { parseCsv } from '../report/parse-csv.js';
import { gitIn } from '../support/scene.js';

async function repository(): Promise<{ folder: string; run: (...args: string[]) => Promise<CliResult> }> {
  const outside = await temporaryFolder();
  const folder = join(outside, 'acme');
  await runCli(['init', 'acme', '--tenant', 'sandbox', '--users', '8'], { cwd: outside });
  const run = (...args: string[]) => runCli(args, { cwd: folder });
  expect((await run('snapshot')).code).toBe(0);
  return { folder, run };
}

describe('coverage', () => {
  it('needs no repository, and has four forms', async () => {
    const cwd = await temporaryFolder();
    const text = await runCli(['coverage', '--type', 'user'], { cwd });
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(/accountEnabled +recoverable +AccountEnabled/);
    const document = JSON.parse((await runCli(['coverage', '--json', '-C', cwd], { cwd })).stdout);
    expect(document).toMatchObject({ format: 1, kind: 'coverage-table' });
    const markdown = await runCli(['coverage', '--format', 'markdown'], { cwd });
    expect(await readFile(new URL('../../docs/types.md', import.meta.url), 'utf8')).toContain(markdown.stdout.trim());
    const [header, ...rows] = parseCsv((await runCli(['coverage', '--format', 'csv'], { cwd })).stdout);
    expect(header?.slice(0, 3)).toEqual(['type', 'title', 'form']);
    expect(rows).toHaveLength(document.types.flatMap((type: { items: unknown[] }) => type.items).length);
    expect(await runCli(['coverage', '--type', 'usr'], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('KG120'),
    });
  });
});

describe('show', () => {
  it('shows a backup, an object, and still a plan', { timeout: 120_000 }, async () => {
    const { folder, run } = await repository();
    const summary = JSON.parse((await run('show', 'HEAD', '--json')).stdout);
    expect(summary).toMatchObject({ kind: 'shown-backup', objects: { user: { deleted: expect.any(Number) } } });
    expect((await run('show', 'HEAD')).stdout).toMatch(/^Backup [0-9a-f]{7}: first backup/);
    const users = (await run('show', 'HEAD', '--format', 'csv')).stdout;
    expect(parseCsv(users)[0]).toEqual(['type', 'active', 'in the recycle bin']);

    const file = gitIn(folder, 'ls-files', 'tenant-state/appRoleAssignments').split('\n')[0] ?? '';
    const edge = `appRoleAssignment/${file.slice(file.lastIndexOf('/') + 1, -'.yaml'.length)}`;
    const named = JSON.parse((await run('show', 'HEAD', edge, '--json')).stdout);
    expect(named).toMatchObject({
      kind: 'shown-object',
      object: edge,
      label: expect.stringMatching(/^(?![0-9a-f]{8}-).+: ./),
    });

    const [, first] = parseCsv((await run('diff', '--format', 'csv')).stdout);
    expect(first).toBeUndefined();
    await run('sandbox', 'incident', 'mass-disable');
    const [columns = [], row = []] = parseCsv((await run('diff', '--type', 'user', '--format', 'csv')).stdout);
    const of = (column: string) => row[columns.indexOf(column)] ?? '';
    expect([of('kind'), of('path'), of('live'), of('desired')]).toEqual([
      'difference',
      'accountEnabled',
      'false',
      'true',
    ]);
    const name = of('label');
    const byName = await run('show', 'HEAD', `user/${name.toUpperCase()}`);
    expect(byName.stdout.split('\n')[0]).toBe(`# ${of('object')} ${name}`);
    expect(byName.stdout.split('\n')[1]).toMatch(/^# in backup [0-9a-f]{7} \(/);
    expect(byName.stdout).toContain('\naccountEnabled: true\n');

    const made = await run('plan', '--to', 'HEAD', '--target', `user/${name}`, '-o', 'plan.json', '--format', 'csv');
    expect(made.stderr).toContain(`user/${name} is ${of('object')}`);
    expect(parseCsv(made.stdout)[0]?.slice(0, 3)).toEqual(['step', 'phase', 'kind']);
    expect((await run('show', 'plan.json', '--format', 'csv')).stdout).toBe(made.stdout);
    expect(JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8')).scope.targets).toEqual([of('object')]);
    expect(await run('show', 'plan.json', 'user/x')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('KG005'),
    });
    expect(await run('show', 'nothing.json')).toMatchObject({ code: 1, stderr: expect.stringContaining('KG150') });
    expect(await run('show', 'nothing')).toMatchObject({ code: 1, stderr: expect.stringContaining('KG130') });

    await writeFile(join(folder, 'list.txt'), `# one\n${of('object')}\n`);
    const listed = JSON.parse((await run('diff', '--target-file', 'list.txt', '--json')).stdout);
    expect(listed.scope.targets).toEqual([of('object')]);
    expect(await piped(`user/${name}\n`, ['diff', '--target-file', '-', '--json'], folder)).toContain(of('object'));
    const without = JSON.parse((await run('diff', '--type', 'user', '--exclude', of('object'), '--json')).stdout);
    expect(without.scope.exclude).toEqual([of('object')]);
    expect(JSON.stringify(without.changes)).not.toContain(of('object'));
  });
});

async function piped(input: string, args: readonly string[], cwd: string): Promise<string> {
  const child = startCli(args, { cwd });
  child.stdin.end(input);
  let output = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) output += chunk;
  return output;
}

describe('validate', () => {
  it('exits with 1 when something is wrong, in every form', async () => {
    const { folder, run } = await repository();
    const valid = await run('validate');
    expect(valid).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nValid: \d+ files\.\n$/) });
    await appendFile(join(folder, 'tenant-state', 'organization.yaml'), 'dispalyName: x\n');
    const wrong = await run('validate');
    expect(wrong).toMatchObject({ code: 1, stdout: expect.stringMatching(/\n1 problem in 1 file\.\n$/) });
    expect(wrong.stdout).toMatch(
      /^tenant-state\/organization\.yaml:\d+:1\n {2}error KG202: "dispalyName" is not known here/m,
    );
    const { code, stdout } = await run('validate', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'validation', counts: { errors: 1 } });
    expect(parseCsv((await run('validate', '--format', 'csv')).stdout)).toHaveLength(2);
    expect((await run('validate', '--format', 'markdown')).stdout).toMatch(/^\*\*1 problem in 1 file\.\*\*/);
    expect((await run('validate', 'HEAD')).code).toBe(0);
  });
});

it('--json and --format csv exclude each other', async () => {
  const cwd = await temporaryFolder();
  const { code, stdout } = await runCli(['coverage', '--json', '--format', 'csv'], { cwd });
  expect(code).toBe(1);
  expect(JSON.parse(stdout).error.code).toBe('KG006');
});
