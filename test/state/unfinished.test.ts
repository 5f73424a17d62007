import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { backup, MAIN, stateCommit, type TestRepository, testRepository } from './repositories.js';

const BEFORE = { 'users/abc/a.yaml': 'a: 1\n', 'users/abd/gone.yaml': 'x\n', 'policies/p.yaml': 'p: 1\n' };
const AFTER = { 'users/abc/a.yaml': 'a: 2\n', 'users/new/new.yaml': 'n\n', 'policies/p.yaml': 'p: 1\n' };
const DEAD = 2 ** 22 + 7;

const silent = (text: string) => expect.unreachable(text);
const clean = async ({ repository }: TestRepository) => repository.assertClean(silent);

async function withBackup(): Promise<TestRepository> {
  const test = await testRepository();
  await backup(test.repository, BEFORE);
  return test;
}

function expectState({ git, directory }: TestRepository, files: Readonly<Record<string, string>>): void {
  expect(git('status', '--porcelain', '--untracked-files=all', '--', 'tenant-state')).toBe('');
  expect(git('ls-files', 'tenant-state').split('\n')).toEqual(
    Object.keys(files)
      .map((file) => `tenant-state/${file}`)
      .sort(),
  );
  for (const [file, content] of Object.entries(files)) {
    expect(readFileSync(path.join(directory, 'tenant-state', file), 'utf8')).toBe(content);
  }
}

/** Edits elsewhere, of every kind there is. */
function editElsewhere({ write, git, directory }: TestRepository): void {
  write('knowngood.yaml', 'format: 1\nstaged: true\n');
  write('docs/staged new.md', 'new\n');
  git('add', '.');
  write('knowngood.yaml', 'format: 1\nstaged: true\nand: edited\n');
  git('rm', '-q', '--cached', '.gitattributes');
  write('untracked.txt', 'mine\n');
  rmSync(path.join(directory, 'docs/staged new.md'));
}

/** What a run leaves when it is killed after its refs moved (or, with `moved: false`, before). */
async function killed(
  state: TestRepository,
  { pid = DEAD, moved = true }: { pid?: number; moved?: boolean } = {},
): Promise<void> {
  const { commit, parent } = await stateCommit(state.repository, AFTER);
  const marker = { pid, started: '2026-11-18T11:59:00.000Z', branch: MAIN, from: parent, to: commit, refs: [MAIN] };
  writeFileSync(path.join(state.directory, '.git', 'knowngood-checkout'), `${JSON.stringify(marker)}\n`);
  if (moved) state.git('update-ref', MAIN, commit);
}

async function finish(state: TestRepository): Promise<string[]> {
  const notes: string[] = [];
  await state.repository.assertClean((text) => notes.push(text));
  expect(existsSync(path.join(state.directory, '.git', 'knowngood-checkout'))).toBe(false);
  return notes;
}

const FINISHED = 'finished the checkout that was cut short';

test.each<[string, (state: TestRepository) => void]>([
  ['before any file was written', () => undefined],
  ['after a new file was written', ({ write }) => write('tenant-state/users/new/new.yaml', 'n\n')],
  ['in the middle of a file', ({ write }) => write('tenant-state/users/abc/a.yaml', 'a:')],
  ['after a file was deleted', ({ directory }) => rmSync(path.join(directory, 'tenant-state/users/abd/gone.yaml'))],
  ['after the index was written', ({ git }) => git('read-tree', 'HEAD')],
])('a checkout that was cut short %s is finished', async (_, partly) => {
  const state = await withBackup();
  editElsewhere(state);
  await killed(state);
  partly(state);
  if (state.git('ls-files', '--', 'docs') === '') editElsewhere(state);
  const others = state.git('status', '--porcelain', '--', ':!tenant-state');
  expect(await finish(state)).toEqual([FINISHED]);
  expectState(state, AFTER);
  expect(state.git('status', '--porcelain', '--', ':!tenant-state')).toBe(others);
  expect(await state.repository.ref('refs/worktree/knowngood')).toBe(state.git('rev-parse', 'HEAD'));
  expect(await finish(state)).toEqual([]);
});

test('a run that was killed before its refs moved, or while it wrote the marker, leaves nothing to finish', async () => {
  const state = await withBackup();
  await killed(state, { moved: false });
  expect(await finish(state)).toEqual([]);
  expectState(state, BEFORE);
  writeFileSync(path.join(state.directory, '.git', 'knowngood-checkout'), '');
  expect(await finish(state)).toEqual([]);
  await backup(state.repository, AFTER);
  expectState(state, AFTER);
});

test('a person’s edit after the crash is refused, and so are edits when nothing had moved', async () => {
  const state = await withBackup();
  await killed(state);
  state.write('tenant-state/policies/p.yaml', 'p: mine\n');
  await expect(finish(state)).rejects.toMatchObject({
    code: 'KG401',
    message: 'tenant-state/ has local edits: tenant-state/policies/p.yaml.',
  });
  state.git('checkout', '-q', 'HEAD', '--', 'tenant-state/policies/p.yaml');
  expect(await finish(state)).toEqual([FINISHED]);
  expectState(state, AFTER);

  const other = await withBackup();
  await killed(other, { moved: false });
  other.write('tenant-state/users/abc/a.yaml', 'a: mine\n');
  await expect(finish(other)).rejects.toMatchObject({ code: 'KG401' });
});

test('a person who went on by hand after the crash is left alone', async () => {
  const state = await withBackup();
  await killed(state);
  state.git('reset', '-q', '--hard');
  state.git('checkout', '-q', '-b', 'elsewhere');
  expect(await finish(state)).toEqual([]);
  expect(await state.repository.checkedOut()).toBe('refs/heads/elsewhere');
});

test('changes outside tenant-state that the commit brought are finished too', async () => {
  const state = await withBackup();
  const writer = state.repository.writer();
  const root = await state.repository.rootEntries('main');
  root.set('knowngood.yaml', { mode: '100644', id: await writer.blob(Buffer.from('format: 1\ntheirs: true\n')) });
  const parent = state.git('rev-parse', 'main');
  const to = await writer.commit({ tree: await writer.treeOf(root), parents: [parent], message: 'theirs' });
  await writer.flush();
  const marker = { pid: DEAD, started: '2026-11-18T11:59:00Z', branch: MAIN, from: parent, to, refs: [MAIN] };
  writeFileSync(path.join(state.directory, '.git', 'knowngood-checkout'), JSON.stringify(marker));
  state.git('update-ref', MAIN, to);
  await finish(state);
  expect(state.git('status', '--porcelain')).toBe('');
  expect(readFileSync(path.join(state.directory, 'knowngood.yaml'), 'utf8')).toBe('format: 1\ntheirs: true\n');
});

test('locks left by a killed run are removed and named; older ones are not ours', { timeout: 30_000 }, async () => {
  const state = await withBackup();
  await killed(state);
  state.write('.git/index.lock', '');
  state.write('.git/refs/heads/main.lock', '');
  expect(await finish(state)).toEqual([
    'removed the stale lock index.lock',
    'removed the stale lock main.lock',
    FINISHED,
  ]);
  expectState(state, AFTER);

  state.write('.git/index.lock', '');
  utimesSync(path.join(state.directory, '.git', 'index.lock'), 1, 1);
  await killed(state);
  state.write('tenant-state/users/abc/a.yaml', 'a:');
  await expect(finish(state)).rejects.toMatchObject({ code: 'KG401' });
  expect(existsSync(path.join(state.directory, '.git', 'index.lock'))).toBe(true);
});

test('a checkout of a process that is still at work is left to it, until it is forgotten', async () => {
  const state = await withBackup();
  await killed(state, { pid: process.ppid });
  await expect(clean(state)).rejects.toMatchObject({ code: 'KG407', remedy: expect.stringContaining('delete') });
  const { commit } = await stateCommit(state.repository, BEFORE);
  const update = { ref: MAIN, to: commit, expected: state.git('rev-parse', MAIN) };
  await expect(state.repository.advance([update], MAIN, 'x')).rejects.toMatchObject({ code: 'KG407' });
  const file = path.join(state.directory, '.git', 'knowngood-checkout');
  writeFileSync(file, readFileSync(file, 'utf8').replace('T11:', 'T08:'));
  await expect(state.repository.advance([update], MAIN, 'x')).rejects.toMatchObject({ code: 'KG402' });
  expect(await finish(state)).toEqual([FINISHED]);
});
