import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { commitFiles, findRepository, initRepository, openRepository } from '../../src/state/repository.js';
import { backup, bareEnvironment, layout, openTest, temporaryFolder, testRepository } from './repositories.js';

const FILES = {
  'users/abc/abc-1.yaml': 'displayName: Zoë\n',
  'users/abd/abd-2.yaml': '',
  'policies/p.yaml': 'state: enabled\n',
  'policies/README.md': 'not state\n',
};

test('the first commit holds the files of init and nothing else that is staged', async () => {
  const { repository, git, write } = await testRepository();
  expect(git('ls-tree', '--name-only', 'HEAD')).toBe('.gitattributes\nknowngood.yaml');
  expect(git('log', '--format=%an <%ae> %cI %B')).toBe(
    'knowngood <knowngood@localhost> 2026-11-18T12:00:00+00:00 Set up\n',
  );
  expect(git('status', '--porcelain')).toBe('');
  write('mine.txt', 'x');
  git('add', 'mine.txt');
  await commitFiles(repository, new Map([['ci/a b.yml', Buffer.from('x: 1\n')]]), 'CI');
  expect(git('status', '--porcelain')).toBe('A  mine.txt');
  expect(git('show', '--format=%s', '--name-only', 'HEAD')).toBe('CI\n\nci/a b.yml');
});

test('init makes a repository of its own inside another, whatever the environment points to', async () => {
  const { directory, environment, git } = await testRepository();
  const inner = path.join(directory, 'inner');
  const misleading = {
    ...environment,
    GIT_DIR: path.join(directory, '.git'),
    GIT_WORK_TREE: directory,
    GIT_INDEX_FILE: path.join(directory, '.git', 'index'),
    EDITOR: 'false',
    PAGER: 'false',
    GIT_EDITOR: 'false',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'url.https://example.com/.insteadOf',
    GIT_CONFIG_VALUE_0: 'ex:',
  };
  const head = git('rev-parse', 'HEAD');
  await initRepository(inner, 'trunk', misleading);
  const opened = await openTest(inner, misleading);
  await commitFiles(opened.repository, new Map([['knowngood.yaml', 'format: 1\n']]), 'Set up\n');
  await backup(opened.repository, FILES).catch(() => undefined);
  expect(opened.repository.gitDir).toBe(path.join(inner, '.git'));
  expect(await opened.repository.checkedOut()).toBe('refs/heads/trunk');
  expect(git('rev-parse', 'HEAD')).toBe(head);
  expect(git('status', '--porcelain')).toBe('?? inner/');
});

test('the repository is found upwards, also a bare one', async () => {
  const { directory, environment, git } = await testRepository();
  const deep = path.join(directory, 'tenant-state', 'users');
  mkdirSync(deep, { recursive: true });
  expect(await findRepository(deep, environment)).toBe(directory);
  const outside = temporaryFolder();
  expect(await findRepository(outside, environment)).toBeUndefined();
  const bare = path.join(outside, 'bare.git');
  git('clone', '-q', '--bare', directory, bare);
  expect(await findRepository(path.join(bare, 'refs'), environment)).toBe(bare);
});

test('a bare repository takes backups and has no work tree to keep clean', async () => {
  const { directory, environment, git } = await testRepository();
  const bare = path.join(temporaryFolder(), 'bare repo.git');
  git('clone', '-q', '--bare', directory, bare);
  const { repository, git: inBare } = await openTest(bare, environment);
  expect(repository).toMatchObject({ bare: true, root: bare, gitDir: bare });
  const commit = await backup(repository, FILES);
  expect(inBare('rev-parse', 'main')).toBe(commit);
  expect(await repository.checkedOut()).toBeUndefined();
  await repository.assertClean(() => expect.unreachable());
  expect((await repository.ids('main')).size).toBe(3);
  await expect(commitFiles(repository, new Map(), 'x')).rejects.toMatchObject({ code: 'KG406' });
});

test('what is no usable repository is a failure with its own code', async () => {
  const { directory, environment, git } = await testRepository();
  const folder = temporaryFolder();
  const open = (place: string, env = environment) => openRepository(place, layout, { environment: env });
  await expect(open(folder)).rejects.toMatchObject({ code: 'KG405', where: folder });
  await expect(open(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'KG405' });
  mkdirSync(path.join(directory, 'sub'));
  await expect(open(path.join(directory, 'sub'))).rejects.toMatchObject({ code: 'KG405' });
  await expect(open(path.join(directory, '.git'))).rejects.toMatchObject({ code: 'KG405' });
  git('-c', 'user.name=x', '-c', 'user.email=x', 'commit', '-q', '--allow-empty', '-m', 'second');
  const shallow = path.join(folder, 'shallow');
  git('clone', '-q', '--depth=1', `file://${directory}`, shallow);
  await expect(open(shallow)).rejects.toMatchObject({ code: 'KG403', remedy: 'Run `git fetch --unshallow`.' });
  const sha256 = path.join(folder, 'sha256');
  git('init', '-q', '--object-format=sha256', sha256);
  await expect(open(sha256)).rejects.toMatchObject({ code: 'KG409' });
});

test('a branch that was never committed to takes its first backup', async () => {
  const folder = temporaryFolder();
  const environment = bareEnvironment(folder);
  await initRepository(folder, 'main', environment);
  const { repository, git, write } = await openTest(folder, environment);
  write('staged.txt', 'mine');
  git('add', 'staged.txt');
  await repository.assertClean(() => undefined);
  const commit = await backup(repository, FILES);
  expect(git('rev-parse', 'main')).toBe(commit);
  expect(git('status', '--porcelain')).toBe('A  staged.txt');
});
