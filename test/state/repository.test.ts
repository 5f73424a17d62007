import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readable } from '../../src/state/complaints.js';
import { openRepository } from '../../src/state/repository.js';
import { createObjectReader, readBlobs } from '../../src/state/stored.js';
import { backup, layout, stateCommit, temporaryFolder, testRepository } from './repositories.js';

const FILES = {
  'users/abc/abc-1.yaml': 'displayName: Zoë\n',
  'users/abd/abd-2.yaml': '',
  'policies/p.yaml': 'state: enabled\n',
  'policies/README.md': 'not state\n',
};

test('ids, trees, files and root entries of a commit', async () => {
  const { repository, git } = await testRepository();
  const commit = await backup(repository, FILES);
  const ids = await repository.ids(commit);
  expect([...ids.keys()].sort()).toEqual(['policy/p', 'user/abc-1', 'user/abd-2']);
  expect(ids.get('user/abc-1')).toBe(git('rev-parse', 'main:tenant-state/users/abc/abc-1.yaml'));
  const trees = await repository.trees(commit);
  expect(trees.top).toBe(git('rev-parse', 'main:tenant-state'));
  expect(trees.all.size).toBe(5);
  expect((await repository.file(commit, 'tenant-state/users/abc/abc-1.yaml'))?.toString()).toBe('displayName: Zoë\n');
  expect((await repository.file(commit, 'tenant-state/users/abd/abd-2.yaml'))?.length).toBe(0);
  expect(await repository.file(commit, 'tenant-state/users')).toBeUndefined();
  expect(await repository.file(commit, 'tenant-state/users/no such file missing')).toBeUndefined();
  expect(await repository.file(commit, 'a\nb')).toBeUndefined();
  const root = await repository.rootEntries(commit);
  expect([...root.keys()]).toEqual(['.gitattributes', 'knowngood.yaml', 'tenant-state']);
  expect(root.get('tenant-state')).toEqual({ mode: '040000', id: trees.top });
});

test('a commit without state has no ids and no trees', async () => {
  const { repository } = await testRepository();
  expect((await repository.ids('main')).size).toBe(0);
  expect(await repository.trees('main')).toEqual({ top: undefined, all: new Set() });
});

test('of two files for one object the one in its place counts, and links are no objects', async () => {
  const { repository, git } = await testRepository();
  for (const wrong of ['aaa', 'zzz']) {
    const files = { 'users/abc/abc.yaml': 'right\n', [`users/${wrong}/abc.yaml`]: 'wrong\n' };
    const { commit } = await stateCommit(repository, files);
    expect((await repository.ids(commit)).get('user/abc')).toBe(
      git('rev-parse', `${commit}:tenant-state/users/abc/abc.yaml`),
    );
  }
  const writer = repository.writer();
  const blob = await writer.blob(Buffer.from('abc.yaml'));
  const inner = await writer.treeOf([['link.yaml', { mode: '120000', id: blob }]]);
  const policies = await writer.treeOf([['policies', { mode: '040000', id: inner }]]);
  const tree = await writer.treeOf([['tenant-state', { mode: '40000', id: policies }]]);
  const commit = await writer.commit({ tree, parents: [], message: 'links' });
  await writer.flush();
  expect((await repository.ids(commit)).size).toBe(0);
});

test('many blobs come in the order asked for; asking may stop, and go on elsewhere', { timeout: 60_000 }, async () => {
  const { repository } = await testRepository();
  const writer = repository.writer();
  const ids: string[] = [];
  for (let n = 0; n < 5000; n += 1) ids.push(await writer.blob(Buffer.from(`${n}`.repeat(n % 50))));
  await writer.flush();
  const twice = [...ids, ...ids.toReversed()];
  const seen: string[] = [];
  for await (const { id, content } of repository.blobs(twice)) {
    seen.push(id);
    if (seen.length === 7) expect(content.toString()).toBe('666666');
  }
  expect(seen).toEqual(twice);
  for await (const { id } of repository.blobs(ids)) {
    expect(id).toBe(ids[0]);
    break;
  }
  const collect = async (part: string[]) => {
    const found: string[] = [];
    for await (const { id } of repository.blobs(part)) found.push(id);
    return found;
  };
  const [left, right] = await Promise.all([collect(ids.slice(0, 900)), collect(ids.slice(600))]);
  expect([left, right]).toEqual([ids.slice(0, 900), ids.slice(600)]);
});

test('a missing blob, and what is no blob, is a failure that names it', async () => {
  const { repository, git } = await testRepository();
  for (const id of [`${'0'.repeat(39)}1`, git('rev-parse', 'main^{tree}'), 'main', `${'a'.repeat(40)}\nHEAD`]) {
    const read = async () => {
      for await (const _ of repository.blobs([id]));
    };
    await expect(read()).rejects.toMatchObject({ code: 'KG408', message: expect.stringContaining(id.slice(0, 40)) });
  }
});

test.skipIf(process.platform === 'win32')('reading goes on when git is ended from outside', async () => {
  const { repository, environment, git } = await testRepository();
  const commit = await backup(repository, FILES);
  const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
  const bin = mkdtempSync(path.join(temporaryFolder(), 'bin'));
  // Answers two questions and ends.
  const script = `#!/bin/sh\nread a; read b; printf '%s\\n%s\\n' "$a" "$b" | '${real}' "$@"\n`;
  writeFileSync(path.join(bin, 'git'), script, { mode: 0o755 });
  const place = repository.workTree.git;
  const reader = createObjectReader({
    ...place,
    environment: { ...place.environment, PATH: `${bin}:${environment.PATH}` },
  });
  const ids = [...(await repository.ids(commit))].map(([, id]) => id);
  const many = Array.from({ length: 20 }, (_, n) => ids[n % ids.length] as string);
  const seen: string[] = [];
  for await (const { id, content } of readBlobs(reader, many)) {
    seen.push(id);
    expect(content.toString()).toBe(git('cat-file', 'blob', id) + (content.length > 0 ? '\n' : ''));
  }
  expect(seen).toEqual(many);
  writeFileSync(path.join(bin, 'git'), '#!/bin/sh\necho "fatal: broken" >&2; exit 1\n');
  await reader.close();
  await expect(reader.read(ids[0] as string)).rejects.toMatchObject({
    code: 'KG406',
    message: 'git cat-file failed: broken',
  });
});

test('blobs written after the first read are found', async () => {
  const { repository } = await testRepository();
  expect(await repository.file('main', 'knowngood.yaml')).toBeDefined();
  const commit = await backup(repository, FILES);
  expect(await repository.file(commit, 'tenant-state/policies/p.yaml')).toBeDefined();
});

test.skipIf(process.platform === 'win32')('no git, and an old git, are failures that name what is needed', async () => {
  const { directory, environment } = await testRepository();
  const bin = mkdtempSync(path.join(temporaryFolder(), 'bin'));
  const open = () => openRepository(directory, layout, { environment: { ...environment, PATH: bin } });
  await expect(open()).rejects.toMatchObject({ code: 'KG404', message: expect.stringContaining('2.31') });
  writeFileSync(path.join(bin, 'git'), '#!/bin/sh\necho "git version 2.30.9"\n');
  chmodSync(path.join(bin, 'git'), 0o755);
  await expect(open()).rejects.toMatchObject({
    code: 'KG404',
    message: 'git 2.30.9 is too old; knowngood needs git 2.31 or newer.',
  });
});

test('what git says is shown in one line, without control characters and credentials', () => {
  expect(readable('fatal: a\u001b[31m b\u202e\n\nhint: c\nerror: d\r\n')).toBe('a b; d');
  expect(readable("fatal: unable to access 'https://user:p@ss@host/x.git/': no")).toBe(
    "unable to access 'https://host/x.git/': no",
  );
  expect(readable('x'.repeat(1000))).toHaveLength(401);
});
