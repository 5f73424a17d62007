/** Whatever git is set up to do, and wherever the repository is: the same backups, and nothing that looks edited. */

import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli, temporaryFolder } from '../cli/run-cli.js';
import { acme, person } from '../support/acme.js';
import { gitIn, type Scene, sceneForTest } from '../support/scene.js';

const HOOKS = ['pre-commit', 'commit-msg', 'reference-transaction', 'post-checkout', 'post-index-change'];

/** Settings that change how git writes, answers or stops. */
const settings = (hooks: string, autocrlf: string): string => `[core]
  autocrlf = ${autocrlf}
  safecrlf = true
  fsmonitor = false-monitor-that-is-not-there
  hooksPath = ${JSON.stringify(hooks)}
  quotepath = true
  untrackedCache = true
[user]
  useConfigOnly = true
[init]
  defaultBranch = trunk
[status]
  showUntrackedFiles = no
[log]
  showSignature = true
[color]
  ui = always
[diff]
  noprefix = true
[feature]
  manyFiles = true
`;

/** A folder with settings, failing hooks and an empty home. */
async function settled(autocrlf: string): Promise<{ folder: string; env: Record<string, string> }> {
  const folder = await temporaryFolder();
  const hooks = join(folder, 'hooks');
  mkdirSync(hooks);
  for (const name of HOOKS) {
    writeFileSync(join(hooks, name), '#!/bin/sh\nexit 1\n');
    chmodSync(join(hooks, name), 0o755);
  }
  const config = join(folder, 'config');
  writeFileSync(config, settings(hooks, autocrlf));
  const home = join(folder, 'home');
  mkdirSync(home);
  return { folder, env: { GIT_CONFIG_GLOBAL: config, HOME: home } };
}

/** A non-ASCII name as one character, or as a letter and an accent; and a space. */
const NAMES: readonly (readonly [autocrlf: string, form: 'NFC' | 'NFD'])[] = [
  ['true', 'NFC'],
  ['input', 'NFD'],
];

describe.each(NAMES)('core.autocrlf=%s, and much else, in a folder named in %s', (autocrlf, form) => {
  it('gives the same tree after a clone, files as git has them, and nothing that looks edited', async () => {
    const scene = await sceneForTest();
    const { folder, env } = await settled(autocrlf);
    const name = 'Büro für Identität é'.normalize(form);
    const root = join(folder, name);
    const plan = join(folder, `Plän ${name}.json`);
    const options = { cwd: folder, env: { ...env, ...scene.env } };
    const typed = async (...args: string[]) => {
      const { code, stdout, stderr } = await runCli(args, options);
      expect({ code, stderr }, stdout).toMatchObject({ code: 0 });
      return stdout;
    };
    await typed('init', name, '--tenant', scene.tenantId);
    await typed('snapshot', '-C', name);
    expect(gitIn(root, 'log', '-1', '--format=%an <%ae> %D')).toBe('knowngood <knowngood@localhost> HEAD -> main');

    const clone = `${root} 2`;
    gitIn(folder, '-c', `core.autocrlf=${autocrlf}`, 'clone', '--quiet', name, `${name} 2`);
    gitIn(clone, 'config', 'core.autocrlf', autocrlf);
    expect(readFileSync(join(clone, 'knowngood.yaml'), 'utf8').includes('\r\n')).toBe(autocrlf === 'true');
    expect(JSON.parse(await typed('validate', '-C', `${name} 2`, '--json')).problems).toEqual([]);
    await typed('snapshot', '-C', `${name} 2`);
    expect(gitIn(clone, 'rev-parse', 'HEAD:tenant-state')).toBe(gitIn(root, 'rev-parse', 'HEAD:tenant-state'));
    expect(gitIn(clone, 'rev-parse', 'HEAD^{tree}')).toBe(gitIn(root, 'rev-parse', 'HEAD^{tree}'));
    for (const each of [root, clone]) {
      expect(gitIn(each, '-c', `core.autocrlf=${autocrlf}`, 'status', '--porcelain')).toBe('');
      for (const file of filesBelow(each)) expect(readFileSync(join(each, file)).includes('\r')).toBe(false);
    }

    await scene.graph('PATCH', `/users/${person(1)}`, { department: 'Wrong' });
    const made = await typed('plan', '--to', 'HEAD', '-C', name, '-o', plan);
    expect(made).toContain(plan);
    expect(await typed('apply', plan, '-C', name)).toContain('Apply complete!');
    await typed('snapshot', '-C', name);
    expect(gitIn(root, 'status', '--porcelain')).toBe('');
  });
});

function filesBelow(root: string): string[] {
  return readdirSync(join(root, 'tenant-state'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join('tenant-state', name));
}

it('commits that cannot be signed are refused, and nothing is half-written', async () => {
  const scene = await sceneForTest();
  await scene.run.snapshot();
  const { folder, env } = await settled('false');
  writeFileSync(join(folder, 'config'), '[commit]\n  gpgsign = true\n[gpg]\n  program = no-such-gpg\n');
  const refs = scene.git('for-each-ref');
  const { code, stdout } = await runCli(['snapshot', '--json'], { cwd: scene.root, env: { ...env, ...scene.env } });
  expect({ code, error: JSON.parse(stdout).error }).toMatchObject({
    code: 1,
    error: { code: 'KG411', remedy: expect.stringContaining('commit.gpgsign') },
  });
  expect(scene.git('for-each-ref')).toBe(refs);
  expect(scene.git('status', '--porcelain')).toBe('');
});

describe('time zones and languages of the machine', () => {
  const ZOË = 'Zoë Ångström 東京';
  const here = async (): Promise<Scene> => {
    const scene = await sceneForTest({ seed: acme });
    await scene.graph('PATCH', `/users/${person(1)}`, { displayName: ZOË });
    await scene.run.snapshot();
    return scene;
  };

  it('change neither trees nor what dates mean, and every time that is told is UTC', async () => {
    const scene = await here();
    const captured =
      scene.git('log', '-1', '--format=%(trailers:key=Knowngood-Captured,valueonly)').split('/')[1] ?? '';
    const tree = scene.git('rev-parse', 'HEAD:tenant-state');
    const before = new Date(Date.parse(captured.slice(0, 10)) - 1).toISOString().slice(0, 10);
    for (const TZ of ['Pacific/Kiritimati', 'America/St_Johns']) {
      const env = { ...scene.env, TZ };
      const list = await runCli(['backups'], { cwd: scene.root, env });
      expect(list.stdout).toContain('captured (UTC)');
      expect(list.stdout).toContain(captured.slice(0, 16).replace('T', ' '));
      const [day, none] = await Promise.all([
        runCli(['show', captured.slice(0, 10)], { cwd: scene.root, env }),
        runCli(['show', before], { cwd: scene.root, env }),
      ]);
      expect({ day: day.code, none: none.code }).toEqual({ day: 0, none: 1 });
      expect(day.stdout).toContain(`${captured.slice(0, 16).replace('T', ' ')} UTC`);
      expect((await runCli(['snapshot'], { cwd: scene.root, env })).code).toBe(0);
      expect(scene.git('rev-parse', 'HEAD:tenant-state')).toBe(tree);
    }
  });

  it('leave names readable, and git is not read in a language', async () => {
    const scene = await here();
    for (const language of ['C', 'de_DE.UTF-8']) {
      const env = { ...scene.env, LANG: language, LANGUAGE: 'de', ...(language === 'C' ? { LC_ALL: 'C' } : {}) };
      const shown = await runCli(['show', 'HEAD', `user/${person(1)}`], { cwd: scene.root, env });
      expect(shown.stdout).toContain(ZOË);
      const refused = await runCli(['show', 'HEAD', '-C', join(scene.root, '..')], { env });
      expect(refused.stderr).toContain('KG405');
    }
  });
});
