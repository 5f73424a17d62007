/**
 * `snapshot` is killed with everything it started, at moments of time and at those where its git is in the middle of
 * something. What is there afterwards is the old backup or the new one, whole; what the next snapshot finds does not stop
 * it, and what a person did is as if nobody had been killed.
 *
 * KNOWNGOOD_KILLS says how many kills, KNOWNGOOD_KILLS_SEED chooses others.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { snapshot } from '../../src/backup.js';
import { init } from '../../src/init.js';
import { generateTenant } from '../../src/sandbox/tenant.js';
import { openWorkspace } from '../../src/workspace.js';
import { cleanEnvironment, runCli } from '../cli/run-cli.js';
import { CAN_KILL, describeMoment, killer, type Moment } from '../support/killing.js';
import { gitIn, type Scene, sceneForTest, surroundings } from '../support/scene.js';

const { KNOWNGOOD_KILLS, KNOWNGOOD_KILLS_SEED } = process.env;
const KILLS = Number(KNOWNGOOD_KILLS ?? 8);
const SEED = Number(KNOWNGOOD_KILLS_SEED ?? 20261120);

/** Where the damage could be. The places of git's work that both kinds of repository have come first. */
const WRITING: readonly Moment[] = [
  { when: 'locked', command: 'update-ref' },
  { when: 'during', command: 'index-pack', milliseconds: 4 },
  { when: 'after', command: 'update-ref' },
  { when: 'after', command: 'index-pack' },
  { when: 'before', command: 'index-pack' },
  { when: 'before', command: 'update-ref' },
];
const FOLLOWING: readonly Moment[] = [
  { when: 'during', command: 'read-tree', milliseconds: 20 },
  { when: 'after', command: 'read-tree' },
  { when: 'during', command: 'read-tree', milliseconds: 8 },
  { when: 'locked', command: 'update-ref', nth: 2 },
  { when: 'after', command: 'update-ref', nth: 2 },
];
/** In the run that finishes what another one left. */
const FINISHING: readonly Moment[] = [
  { when: 'during', command: 'restore', milliseconds: 10 },
  { when: 'after', command: 'restore' },
  { when: 'locked', command: 'update-ref' },
  { when: 'before', command: 'restore' },
];

function generator(seed: number): () => number {
  let state = seed % 2147483647;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** Every third moment is one of time; the others take turns, those that last a while in the middle of it. */
function momentsOf(list: readonly Moment[], count: number, duration: number, random: () => number): Moment[] {
  return Array.from({ length: count }, (_, index) => {
    if (index % 3 === 2) return { when: 'time', milliseconds: random() * 1.1 * duration };
    const moment = list[(index - Math.floor(index / 3)) % list.length] as Moment;
    if (moment.when !== 'during' || index < list.length * 1.5) return moment;
    return { ...moment, milliseconds: 1 + random() * (moment.command === 'index-pack' ? 10 : 45) };
  });
}

/** A tenant in which much changes at once: every round another department for all, a user more and one less. */
async function changingTenant(scene: Scene) {
  const { value } = await scene.graph('GET', '/users?$select=id,onPremisesSyncEnabled&$top=999');
  const users = (value as { id: string; onPremisesSyncEnabled: unknown }[]).filter(
    (user) => user.onPremisesSyncEnabled !== true,
  );
  let guest: unknown;
  return async (round: number): Promise<void> => {
    for (let at = 0; at < users.length; at += 20) {
      const requests = users.slice(at, at + 20).map(({ id }) => ({
        id,
        method: 'PATCH',
        url: `/users/${id}`,
        headers: { 'content-type': 'application/json' },
        body: { department: `Round ${round}` },
      }));
      await scene.graph('POST', '/$batch', { requests });
    }
    if (guest !== undefined) {
      await scene.graph('DELETE', `/users/${guest}`);
      await scene.graph('DELETE', `/directory/deletedItems/${guest}`);
    }
    const made = await scene.graph('POST', '/users', {
      accountEnabled: true,
      displayName: `Guest of round ${round}`,
      mailNickname: `guest${round}`,
      userPrincipalName: `guest${round}@acme.example`,
      passwordProfile: { password: `Guest-${round}-of-the-round!` },
    });
    guest = made.id;
  };
}

/** A repository that is killed in, and another one beside it that never is. */
async function repositoriesFor(scene: Scene, bare: boolean) {
  const outside = dirname(scene.root);
  const beside = join(outside, 'beside');
  await init({ directory: beside, tenant: scene.tenantId, branch: 'main' }, surroundings(scene.env));
  await scene.run.snapshot();
  if (!bare) return { root: scene.root, beside, outside };
  const root = join(outside, 'acme.git');
  execFileSync('git', ['clone', '--quiet', '--bare', scene.root, root], { env: cleanEnvironment() });
  return { root, beside, outside };
}

/** A backup that nobody kills, and what was said of what it found. */
async function backUp(root: string, scene: Scene): Promise<{ readonly commit: string; readonly notes: string[] }> {
  const notes: string[] = [];
  const workspace = await openWorkspace(root, surroundings(scene.env, { note: (text) => notes.push(text) }));
  try {
    const { commit } = await snapshot(workspace);
    return { commit, notes };
  } finally {
    await workspace.close();
  }
}

const statusOf = (root: string): string[] =>
  execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], { cwd: root, env: cleanEnvironment() })
    .toString()
    .split('\n')
    .slice(0, -1);

const treeOf = (root: string, commit: string) => gitIn(root, 'rev-parse', `${commit}:tenant-state`);

/** Valid, every object there; what no ref leads to is no fault. */
function expectValid(root: string): void {
  const { status, stdout, stderr } = spawnSync('git', ['fsck', '--full', '--strict', '--no-progress'], {
    cwd: root,
    env: cleanEnvironment(),
    encoding: 'utf8',
  });
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !line.startsWith('dangling '));
  expect([status, ...lines]).toEqual([0]);
}

/** A person's work that is no state; what is returned takes it back. */
function editElsewhere(root: string): () => void {
  appendFileSync(join(root, 'knowngood.yaml'), '# mine\n');
  writeFileSync(join(root, 'staged.txt'), 'mine\n');
  gitIn(root, 'add', 'staged.txt');
  writeFileSync(join(root, 'mine.txt'), 'mine\n');
  return () => {
    expect(statusOf(root)).toEqual([' M knowngood.yaml', 'A  staged.txt', '?? mine.txt']);
    expect(readFileSync(join(root, 'knowngood.yaml'), 'utf8')).toMatch(/[^#]*# mine\n$/);
    gitIn(root, 'checkout', '--quiet', 'knowngood.yaml');
    gitIn(root, 'rm', '--quiet', '--force', 'staged.txt');
    rmSync(join(root, 'mine.txt'));
  };
}

/** A person edits a state file: the next snapshot names this file and no other, and leaves it as it is. */
async function expectRefused(root: string, scene: Scene, file: string): Promise<void> {
  const path = join(root, 'tenant-state', file);
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, '# a person was here\n');
  const mine = readFileSync(path);
  await expect(backUp(root, scene)).rejects.toMatchObject({
    code: 'KG401',
    message: `tenant-state/ has local edits: tenant-state/${file}.`,
  });
  expect(readFileSync(path).equals(mine)).toBe(true);
  expect(statusOf(root).filter((line) => line.includes('tenant-state'))).toEqual([
    expect.stringMatching(new RegExp(`^(?: M|\\?\\?) tenant-state/${file}$`)),
  ]);
  const person = ['-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example'];
  gitIn(root, ...person, 'stash', 'push', '--quiet', '--include-untracked', '--', 'tenant-state');
  const kept =
    gitIn(root, 'log', '-1', '--format=%P', 'stash').split(' ').length === 3 ? ['stash', 'stash^3'] : ['stash'];
  const found = kept.map((at) => spawnSync('git', ['show', `${at}:tenant-state/${file}`], { cwd: root }).stdout);
  expect(found.some((content) => content.equals(mine))).toBe(true);
  gitIn(root, 'stash', 'drop', '--quiet');
}

it.skipIf(!CAN_KILL).each([
  { kind: 'bare', moments: WRITING },
  { kind: 'checked out', moments: [...FOLLOWING, ...WRITING] },
])(
  'killed in a $kind repository',
  async ({ kind, moments }) => {
    const bare = kind === 'bare';
    const scene = await sceneForTest({ seed: generateTenant(100, '2026-11-20T12:00:00Z') });
    const { root, beside, outside } = await repositoriesFor(scene, bare);
    const change = await changingTenant(scene);
    const kill = killer(outside);
    const random = generator(SEED);
    const at = { cwd: root, env: scene.env };
    const began = performance.now();
    await runCli(['snapshot'], at);
    const duration = performance.now() - began;
    const phases = new Map<string, number>();
    const policy = `conditionalAccessPolicies/${Object.keys((await scene.dump()).policies ?? {})[0]}.yaml`;

    /** Whatever comes of it, what is there is whole. */
    const killOnce = async (moment: Moment): Promise<void> => {
      const old = gitIn(root, 'rev-parse', 'main');
      const { killed, code, stderr } = await kill(['snapshot'], moment, at);
      const phase = killed ? describeMoment(moment) : 'ended before';
      const now = gitIn(root, 'rev-parse', 'main');
      const outcome = `${phase}: ${now === old ? 'old' : 'new'}`;
      phases.set(outcome, (phases.get(outcome) ?? 0) + 1);
      if (!killed)
        expect([code, stderr.replace(/^(?:finished the checkout|removed the stale lock).*\n/gm, '')]).toEqual([0, '']);
      expectValid(root);
      if (now === old) return;
      expect(gitIn(root, 'rev-parse', 'main^')).toBe(old);
      expect(gitIn(root, 'log', '-1', '--format=%(trailers:key=Knowngood-Coverage)', 'main')).toBe(
        'Knowngood-Coverage: complete',
      );
    };

    for (const [round, moment] of momentsOf(moments, Math.ceil(KILLS / 2), duration, random).entries()) {
      await change(round);
      const compared = KNOWNGOOD_KILLS !== undefined || round % 4 === 0;
      if (compared) await backUp(beside, scene);
      const takeBack = bare || round % 4 === 1 || round % 4 === 2 ? undefined : editElsewhere(root);
      const before = gitIn(root, 'rev-parse', 'main');
      await killOnce(moment);
      if (!bare && round % 4 === 0) await killOnce(FINISHING[Math.floor(round / 4) % FINISHING.length] as Moment);
      if (!bare && round % 2 === 1) {
        const [some = policy] = gitIn(root, 'ls-tree', '-r', '--name-only', 'main:tenant-state/users').split('\n');
        await expectRefused(root, scene, round % 8 < 4 ? `users/${some}` : policy);
      }
      const head = gitIn(root, 'rev-parse', 'main');
      const { commit, notes } = await backUp(root, scene);
      for (const note of notes)
        expect(note).toMatch(/^(?:finished the checkout that was cut short|removed the stale lock )/);
      expect(gitIn(root, 'rev-parse', 'main', 'main^')).toBe(`${commit}\n${head}`);
      // What the killed run had committed, if it had, is the same state.
      expect(head === before || treeOf(root, head) === treeOf(root, commit)).toBe(true);
      if (compared) expect(treeOf(root, commit)).toBe(treeOf(beside, 'main'));
      takeBack?.();
      if (!bare) expect(statusOf(root)).toEqual([]);
    }
    expectValid(root);
    const locks = execFileSync('find', ['.', '-name', '*.lock', '-o', '-name', 'knowngood-*'], {
      cwd: bare ? root : join(root, '.git'),
    });
    expect(locks.toString()).toBe('');
    if (KNOWNGOOD_KILLS !== undefined) console.log(kind, Object.fromEntries([...phases].sort()));
    expect([...phases.keys()].some((phase) => phase.endsWith(': new'))).toBe(true);
  },
  3_600_000,
);
