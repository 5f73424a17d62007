/** What a killed run leaves, and a person's work beside it: each is told from the other. */

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { beginApplying, refuseWhileApplying } from '../../src/state/applying.js';
import { cleanEnvironment } from '../cli/run-cli.js';
import { backup, MAIN, NOON, openTest, stateCommit, type TestRepository, testRepository } from './repositories.js';

const BEFORE = { 'users/abc/a.yaml': 'a: 1\n', 'users/abd/b.yaml': 'b: 1\n', 'policies/p.yaml': 'p: 1\n' };
const AFTER = {
  'users/abc/a.yaml': 'a: 2\n',
  'users/abd/b.yaml': 'b: 2\n',
  'users/new/new.yaml': 'n\n',
  'policies/p.yaml': 'p: 1\n',
};
const DEAD = 2 ** 22 + 7;
const FINISHED = 'finished the checkout that was cut short';

/** Killed when its branch had moved, before it touched index and files. */
async function killed(): Promise<TestRepository> {
  const state = await testRepository();
  await backup(state.repository, BEFORE);
  const { commit, parent } = await stateCommit(state.repository, AFTER);
  const marker = { pid: DEAD, started: NOON.toISOString(), branch: MAIN, from: parent, to: commit, refs: [MAIN] };
  state.write('.git/knowngood-checkout', `${JSON.stringify(marker)}\n`);
  state.git('update-ref', MAIN, commit);
  return state;
}

async function finish({ repository }: TestRepository): Promise<string[]> {
  const notes: string[] = [];
  await repository.assertClean((text) => notes.push(text));
  return notes;
}

function expectState({ git, directory }: TestRepository, files: Readonly<Record<string, string>>): void {
  expect(git('status', '--porcelain', '--untracked-files=all', '--', 'tenant-state')).toBe('');
  for (const [file, content] of Object.entries(files))
    expect(readFileSync(path.join(directory, 'tenant-state', file), 'utf8')).toBe(content);
}

test.each<[string, string, string, (state: TestRepository) => void]>([
  ['before the file was written', 'users/abc/a.yaml', 'a: 1\nb: mine\n', () => undefined],
  ['when the file had been written', 'users/abc/a.yaml', 'a: 2\nb: mine\n', () => undefined],
  ['of a file that was to come', 'users/new/new.yaml', 'mine\n', () => undefined],
  ['of another file', 'policies/p.yaml', 'p: mine\n', () => undefined],
  [
    'when the checkout was complete',
    'users/abc/a.yaml',
    'a: mine\n',
    ({ git }) => git('read-tree', '-m', '-u', 'HEAD~1', 'HEAD'),
  ],
  [
    'that is staged',
    'users/abc/a.yaml',
    'a: mine\n',
    ({ git, write }) => {
      write('tenant-state/users/abc/a.yaml', 'a: mine\n');
      git('add', 'tenant-state');
    },
  ],
])('an edit made after the kill, %s, is named alone and kept', async (what, file, content, first) => {
  const staged = what === 'that is staged';
  const state = await killed();
  first(state);
  state.write(`tenant-state/${file}`, content);
  const where = `tenant-state/${file}`;
  for (let times = 0; times < 2; times += 1) {
    await expect(finish(state)).rejects.toMatchObject({
      code: 'KG401',
      message: `tenant-state/ has local edits: ${where}.`,
    });
    expect(readFileSync(path.join(state.directory, where), 'utf8')).toBe(content);
  }
  const others = Object.entries(AFTER).filter(([name]) => name !== file);
  for (const [name, text] of others)
    expect(readFileSync(path.join(state.directory, 'tenant-state', name), 'utf8')).toBe(text);
  const mark = state.git('status', '--porcelain', '--', 'tenant-state');
  expect(mark).toBe(`${staged ? 'M ' : ' M'} ${where}`);
  state.git('checkout', '-q', 'HEAD', '--', 'tenant-state');
  expect(await finish(state)).toEqual([FINISHED]);
  expectState(state, AFTER);
});

test.each(['', 'a', 'a: 2'])('a file of which only %j was written is no edit', async (part) => {
  const state = await killed();
  state.write('tenant-state/users/abc/a.yaml', part);
  rmSync(path.join(state.directory, 'tenant-state/users/abd/b.yaml'));
  expect(await finish(state)).toEqual([FINISHED]);
  expectState(state, AFTER);
});

test('what a person committed on top of it does not make our unfinished work theirs', async () => {
  const state = await killed();
  state.write('knowngood.yaml', 'format: 1\nmine: true\n');
  const person = ['-c', 'user.name=Ada', '-c', 'user.email=ada@acme.example'];
  state.git(...person, 'commit', '-q', '-m', 'Mine', '--only', 'knowngood.yaml');
  const head = state.git('rev-parse', 'HEAD');
  expect(await finish(state)).toEqual([FINISHED]);
  expectState(state, AFTER);
  expect([state.git('rev-parse', 'HEAD'), state.git('status', '--porcelain')]).toEqual([head, '']);
});

test('after an edit kept the work tree from following, the edit alone is named', async () => {
  const state = await testRepository();
  await backup(state.repository, BEFORE);
  const { commit, parent } = await stateCommit(state.repository, AFTER);
  state.write('tenant-state/users/abc/a.yaml', 'a: mine\n');
  await expect(
    state.repository.advance([{ ref: MAIN, to: commit, expected: parent }], MAIN, 'x'),
  ).rejects.toMatchObject({ code: 'KG401', message: expect.stringContaining('is complete') });
  await expect(finish(state)).rejects.toMatchObject({
    message: 'tenant-state/ has local edits: tenant-state/users/abc/a.yaml.',
  });
  expect(state.git('status', '--porcelain')).toBe(' M tenant-state/users/abc/a.yaml');
});

test.skipIf(process.platform === 'win32')('what another run brings along at this moment is no edit', async () => {
  const folder = path.dirname((await testRepository()).directory);
  const bin = path.join(folder, 'bin');
  const { PATH = '' } = cleanEnvironment();
  const environment = { ...cleanEnvironment(), HOME: folder, PATH: `${bin}:${PATH}` };
  mkdirSync(bin);
  // While git looks for edits, the branch has moved already; when it has looked, index and files have followed.
  writeFileSync(
    path.join(bin, 'git'),
    `#!/bin/sh
PATH='${PATH}'
case " $* " in
*' status '*) if [ -f '${folder}/to' ]; then
    git update-ref ${MAIN} "$(cat '${folder}/to')" && rm '${folder}/to'
    git "$@" && exec git read-tree -m -u HEAD~1 HEAD
  fi ;;
esac
exec git "$@"
`,
  );
  chmodSync(path.join(bin, 'git'), 0o755);
  const state = await testRepository(environment);
  await backup(state.repository, BEFORE);
  const { commit } = await stateCommit(state.repository, AFTER);
  writeFileSync(path.join(folder, 'to'), commit);
  expect(await finish(state)).toEqual([]);
  expect(existsSync(path.join(folder, 'to'))).toBe(false);
  expectState(state, AFTER);
});

const NOTE = 'knowngood-refs-0';
const LIVE = 'refs/knowngood/live/x';

/** A bare repository in which a run was killed while git held these locks. */
async function lockedBare(pid: number) {
  const state = await testRepository();
  const first = await backup(state.repository, BEFORE);
  const directory = path.join(state.directory, '..', 'bare.git');
  state.git('clone', '-q', '--bare', state.directory, directory);
  const bare = await openTest(directory, state.environment);
  bare.write(NOTE, `${JSON.stringify({ pid, refs: [MAIN, LIVE] })}\n`);
  for (const lock of ['HEAD.lock', `${MAIN}.lock`, `${LIVE}.lock`]) bare.write(lock, '');
  const { commit } = await stateCommit(bare.repository, AFTER);
  const updates = [
    { ref: MAIN, to: commit, expected: first },
    { ref: LIVE, to: commit, expected: null },
  ];
  return { bare, updates, directory };
}

test('locks on refs that a killed run left where there is no work tree do not stop the next one', async () => {
  const { bare, updates, directory } = await lockedBare(DEAD);
  await bare.repository.updateRefs(updates, 'x');
  expect(bare.git('rev-parse', MAIN, LIVE)).toBe(`${updates[0]?.to}\n${updates[0]?.to}`);
  const left = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  expect(left.filter((name) => name.endsWith('.lock') || name.includes('knowngood-'))).toEqual([]);
});

test('locks of a run that is at work, and older ones, are left alone', async () => {
  for (const [pid, age] of [
    [process.ppid, 0],
    [DEAD, 100],
  ] as const) {
    const { bare, updates, directory } = await lockedBare(pid);
    for (const lock of ['HEAD.lock', `${MAIN}.lock`, `${LIVE}.lock`]) {
      const then = Date.now() / 1000 - age;
      utimesSync(path.join(directory, lock), then, then);
    }
    await expect(bare.repository.updateRefs(updates, 'x')).rejects.toMatchObject({ code: 'KG402' });
    expect(existsSync(path.join(directory, `${MAIN}.lock`))).toBe(true);
  }
});

const PLAN = 'f'.repeat(64);
const clock = () => new Date();

test('one plan is applied at a time; an apply that was killed is none', async () => {
  const { repository, write } = await testRepository();
  const { gitDir } = repository;
  const refused = { code: 'KG410', exit: 1, message: expect.stringContaining('f'.repeat(12)) };
  const ended = await beginApplying(gitDir, PLAN, clock);
  await expect(beginApplying(gitDir, PLAN, clock)).rejects.toMatchObject(refused);
  await expect(refuseWhileApplying(gitDir, clock())).rejects.toMatchObject(refused);
  await ended();
  await refuseWhileApplying(gitDir, clock());
  const file = path.join(gitDir, 'knowngood-apply');
  const note = (pid: number) => write('.git/knowngood-apply', `${JSON.stringify({ pid, plan: PLAN })}\n`);
  note(process.ppid);
  await expect(beginApplying(gitDir, PLAN, clock)).rejects.toMatchObject(refused);
  const free = async () => {
    await refuseWhileApplying(gitDir, clock());
    await (await beginApplying(gitDir, PLAN, clock))();
    expect(existsSync(file)).toBe(false);
  };
  // For more than an hour without a sign of life, its number is another process's now.
  utimesSync(file, 1, Date.now() / 1000 - 3700);
  await free();
  const forgotten = await beginApplying(gitDir, PLAN, clock);
  note(process.ppid);
  await forgotten();
  await expect(refuseWhileApplying(gitDir, clock())).rejects.toMatchObject(refused);
  note(DEAD);
  await free();
  // In a container every process has the same number.
  note(process.pid);
  utimesSync(file, 1, performance.timeOrigin / 1000 - 1);
  await free();
  write('.git/knowngood-apply', '');
  await expect(beginApplying(gitDir, PLAN, clock)).rejects.toMatchObject({ code: 'KG410' });
  utimesSync(file, 1, Date.now() / 1000 - 10);
  await free();
});
