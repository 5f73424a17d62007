import { once } from 'node:events';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type CliResult, runCli, startCli, temporaryFolder } from '../cli/run-cli.js';

const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';

/** A state repository with a sandbox tenant and one backup, and a way to run commands in it. */
async function repository(users = 12): Promise<{ folder: string; run: (...args: string[]) => Promise<CliResult> }> {
  const outside = await temporaryFolder();
  const folder = join(outside, 'acme');
  const made = await runCli(['init', 'acme', '--tenant', 'sandbox', '--users', String(users)], { cwd: outside });
  expect(made).toMatchObject({ code: 0, stderr: '' });
  const run = (...args: string[]) => runCli(args, { cwd: folder });
  expect((await run('snapshot')).code).toBe(0);
  return { folder, run };
}

describe('a bad day', () => {
  it('is found, planned, undone and proven, with the exit codes that say so', async () => {
    const { folder, run } = await repository();

    const calm = await run('diff', '--detailed-exitcode');
    expect(calm).toMatchObject({ code: 0, stdout: expect.stringContaining('No changes. The live tenant matches ') });

    expect((await run('sandbox', 'incident', 'mass-disable')).code).toBe(0);
    expect((await run('diff')).code).toBe(0);
    expect((await run('diff', '--detailed-exitcode')).code).toBe(2);
    const difference = await run('diff', '--json', '--detailed-exitcode');
    expect(difference.code).toBe(2);
    expect(JSON.parse(difference.stdout)).toMatchObject({ format: 1, kind: 'difference-report' });
    expect((await run('diff', '--type', 'group', '--detailed-exitcode')).code).toBe(0);

    const looked = await run('plan', '--to', 'HEAD');
    expect(looked.code).toBe(0);
    expect(looked.stdout).toMatch(/^Plan: 0 to restore, 0 to recreate, \d+ to update/m);
    expect(looked.stderr).toContain('The plan was not saved.');

    const saved = await run('plan', '--to', 'HEAD', '-o', 'plan.json', '--detailed-exitcode');
    expect(saved.code).toBe(2);
    expect(saved.stdout).toContain('Saved the plan to: plan.json\nTo apply it, type:\n  knowngood apply plan.json\n');
    expect((await readdir(folder)).filter((name) => name.includes('tmp'))).toEqual([]);
    const plan = JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8'));

    const shown = await run('show', 'plan.json', '--json');
    expect(JSON.parse(shown.stdout)).toEqual(plan);
    const markdown = await run('show', 'plan.json', '--format', 'markdown');
    expect(markdown).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('**Plan: 0 to restore') });

    const applied = await run('apply', 'plan.json');
    expect(applied.code).toBe(0);
    expect(applied.stdout).toMatch(/^Apply complete! 0 restored, 0 recreated, [1-9]\d* updated/m);
    expect((await run('diff', '--detailed-exitcode')).code).toBe(0);

    const again = await run('apply', 'plan.json', '--json');
    expect(again.code).toBe(5);
    expect(JSON.parse(again.stdout)).toMatchObject({ kind: 'apply', status: 'stale', writes: 0 });

    expect((await run('snapshot')).code).toBe(0);
    const backups = await run('backups', '--json');
    expect(JSON.parse(backups.stdout).backups).toHaveLength(2);
    expect(JSON.parse((await run('backups', '-n', '1', '--json')).stdout).backups).toHaveLength(1);
    expect((await run('diff', 'HEAD~1', 'HEAD', '--detailed-exitcode')).code).toBe(0);
  });
});

describe('plan -o', () => {
  it('prints nothing but the document under --json, and overwrites what is there', async () => {
    const { folder, run } = await repository(5);
    await writeFile(join(folder, 'plan.json'), '{"format": 1, "actions": []}');
    const { code, stdout, stderr } = await run('plan', '--to', 'HEAD', '-o', 'plan.json', '--json');
    expect({ code, notes: stderr.split('\n')[0] }).toEqual({
      code: 0,
      notes: expect.stringContaining('newest backup'),
    });
    expect(JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8'))).toEqual(JSON.parse(stdout));
  });

  it('does not take the place of a file that is no plan', async () => {
    const { folder, run } = await repository(5);
    const before = await readFile(join(folder, 'knowngood.yaml'), 'utf8');
    const { code, stderr } = await run('plan', '--to', 'HEAD', '-o', 'knowngood.yaml');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('KG151') });
    expect(await readFile(join(folder, 'knowngood.yaml'), 'utf8')).toBe(before);
  });

  it('says which file cannot be written, and leaves no part of it', async () => {
    const { folder, run } = await repository(5);
    const { code, stdout, stderr } = await run('plan', '--to', 'HEAD', '-o', 'nowhere/plan.json');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('KG151');
    await run('plan', '--to', 'HEAD', '-o', '.git');
    expect((await readdir(folder)).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it.each([
    ['', 'plan.json'],
    ['{\n  "format": 1,\n', 'plan.json:'],
    ['{"format": 1}', 'plan.json'],
  ])('is the only source of plans: %j is refused', async (text, where) => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'plan.json'), text);
    const { code, stdout } = await runCli(['show', 'plan.json', '--json'], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error.where).toContain(where);
  });
});

describe('configuration', () => {
  it('is checked before anything else, with line and column', async () => {
    const { folder, run } = await repository(5);
    await writeFile(join(folder, 'knowngood.yaml'), 'format: 1\ntenant: sandbox\nexlude: []\n');
    const { code, stdout } = await run('snapshot', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'KG103',
      where: 'knowngood.yaml:3:1',
      message: expect.stringContaining('Did you mean "exclude"?'),
    });
  });

  it('is missed when it is not there', async () => {
    const { folder, run } = await repository(5);
    await rm(join(folder, 'knowngood.yaml'));
    const { code, stderr } = await run('backups');
    expect(code).toBe(1);
    expect(stderr).toContain('knowngood init');
  });
});

describe('Ctrl-C', () => {
  /** A tenant with one group that answers what is listed here and nothing else, and when it is first asked for that. */
  async function silence(
    answers: Readonly<Record<string, unknown>>,
  ): Promise<{ url: string; asked: Promise<unknown> }> {
    const asked = deferred();
    const server = createServer((request, response) => {
      const path = Object.keys(answers).find((prefix) => request.url?.startsWith(prefix));
      if (path === undefined) asked.resolve(undefined);
      else response.end(JSON.stringify({ value: answers[path] }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: asked.promise };
  }

  function deferred() {
    let resolve: (value: unknown) => void = () => {};
    const promise = new Promise<unknown>((done) => {
      resolve = done;
    });
    return { promise, resolve };
  }

  async function interruptible(answers: Readonly<Record<string, unknown>>) {
    const outside = await temporaryFolder();
    await runCli(['init', 'acme', '--tenant', TENANT], { cwd: outside });
    const { url, asked } = await silence(answers);
    const env = { KNOWNGOOD_GRAPH_URL: url, KNOWNGOOD_TOKEN: 'none' };
    const child = startCli(['snapshot', '-C', 'acme', '--json'], { cwd: outside, env });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    const ended = once(child, 'close') as Promise<[number | null]>;
    await asked;
    child.kill('SIGINT');
    const [said] = (await once(child.stderr.setEncoding('utf8'), 'data')) as [string];
    return { child, said, ended, stdout: () => stdout };
  }

  it('is answered at once, gives up reading and exits with 130', async () => {
    const { said, ended, stdout } = await interruptible({});
    expect(said).toBe('Finishing the requests in flight… press Ctrl-C again to stop at once\n');
    expect((await ended)[0]).toBe(130);
    expect(JSON.parse(stdout())).toMatchObject({ format: 1, error: { code: 'KG009' } });
  });

  it('stops at once when it is pressed again', async () => {
    const group = { id: '6f24f945-8e30-4491-97e4-afa533126019', groupTypes: [] };
    // What is read before the members of the group, which nobody answers.
    const { child, ended } = await interruptible({
      '/v1.0/organization': [{ id: TENANT }],
      '/v1.0/policies': [],
      '/v1.0/groups': [group],
      '/v1.0/users': [],
    });
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
  });
});
