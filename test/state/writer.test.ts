import { chmodSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { objectId } from '../../src/state/packs.js';
import { NOON, openTest, stateCommit, testRepository } from './repositories.js';

const SLOW = 60_000;

test('blobs come back byte for byte, whatever they hold', { timeout: SLOW }, async () => {
  const { repository, git } = await testRepository();
  const every = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  const contents = [0, 1, 15, 16, 2047, 2048, 65_535, 65_536, 70_000, 3_000_000].map((length) =>
    Buffer.alloc(length, every),
  );
  const writer = repository.writer();
  const ids: string[] = [];
  for (const content of contents) ids.push(await writer.blob(content));
  await writer.flush();
  const back: Buffer[] = [];
  for await (const { content } of repository.blobs(ids)) back.push(content);
  expect(back.map((content, index) => content.equals(contents[index] as Buffer))).toEqual(contents.map(() => true));
  expect(ids[0]).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391');
  expect(git('fsck', '--strict', '--no-dangling')).toBe('');
});

test('writing the same content twice puts it into the pack once', async () => {
  const { repository, git } = await testRepository();
  const writer = repository.writer();
  const first = await writer.blob(Buffer.from('same'));
  expect(await writer.blob(Buffer.from('same'))).toBe(first);
  await writer.flush();
  await writer.flush();
  expect(git('count-objects', '-v')).toContain('in-pack: 1\n');
});

test('packs are handed over on the way when many objects are queued', { timeout: SLOW }, async () => {
  const { repository, git } = await testRepository();
  const writer = repository.writer();
  const ids: string[] = [];
  for (let n = 0; n < 110_000; n += 1) ids.push(await writer.blob(Buffer.from(`object ${n}`)));
  await writer.flush();
  expect(git('count-objects', '-v')).toMatch(/in-pack: 110000\npacks: 3\n/);
  const sample = ids.filter((_, index) => index % 11_000 === 0);
  const back: string[] = [];
  for await (const { content } of repository.blobs(sample)) back.push(content.toString());
  expect(back).toEqual(sample.map((_, index) => `object ${index * 11_000}`));
});

const name = fc
  .array(fc.constantFrom('a', 'b', 'A', '.', '-', '0', ' ', '~', 'é', '\u{1d11e}', '\uff5e', '\n', '"', '\\'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((letters) => letters.join(''))
  .filter((text) => text !== '.' && text !== '..');
const filePaths = fc.uniqueArray(
  fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/')),
  { minLength: 1, maxLength: 25 },
);

/** Without those that would have to be a file and a folder at once. */
function withoutClashes(paths: readonly string[]): string[] {
  return paths.filter((file) => !paths.some((other) => other.startsWith(`${file}/`)));
}

test('trees are those that git makes of the same files', { timeout: SLOW }, async () => {
  const { repository, gitWith, git } = await testRepository();
  const writer = repository.writer();
  const blob = await writer.blob(Buffer.from('x'));
  await writer.flush();
  await fc.assert(
    fc.asyncProperty(filePaths, async (candidates) => {
      const paths = withoutClashes(candidates);
      const ours = await writer.tree(paths.map((file) => [file, blob] as const));
      await writer.flush();
      const env = { GIT_INDEX_FILE: '.git/test-index' };
      gitWith({ env }, 'read-tree', '--empty');
      const input = paths.map((file) => `100644 ${blob}\t${file}\0`).join('');
      gitWith({ env, input }, 'update-index', '-z', '--index-info');
      expect(gitWith({ env }, 'write-tree')).toBe(ours);
    }),
    { numRuns: 60 },
  );
  expect(git('fsck', '--strict', '--no-dangling')).toBe('');
});

test('a folder sorts as if its name ended in a slash', async () => {
  const { repository, git } = await testRepository();
  const writer = repository.writer();
  const blob = await writer.blob(Buffer.from('x'));
  const tree = await writer.tree(['foo/x', 'foo.yaml', 'foo-bar', 'foo0'].map((file) => [file, blob] as const));
  await writer.flush();
  expect(git('ls-tree', '--name-only', tree).split('\n')).toEqual(['foo-bar', 'foo.yaml', 'foo', 'foo0']);
});

test('known trees are not written again, new ones are', async () => {
  const { repository, git } = await testRepository();
  const first = repository.writer();
  const blob = await first.blob(Buffer.from('x'));
  const files = [
    ['a/1', blob],
    ['b/1', blob],
  ] as const;
  const top = await first.tree(files);
  await first.flush();
  const all = new Set(git('ls-tree', '-d', '--format=%(objectname)', top).split('\n'));
  const second = repository.writer();
  const changed = await second.tree([...files, ['c/2', blob]], all);
  await second.flush();
  // A commit and two trees: the root of the change and `c/`, while `a/` and `b/` hold the same and are one object.
  expect(git('rev-parse', `${changed}:a`)).toBe(git('rev-parse', `${top}:b`));
  expect(git('count-objects', '-v')).toContain('in-pack: 5\n');
});

test.each([[['a', 'a']], [['a', 'a/b']], [['a/b', 'a']], [['/a']], [['a//b']], [['../a']], [['.git/config']], [['']]])(
  'paths that git cannot hold are refused: %j',
  async (paths) => {
    const { repository } = await testRepository();
    const writer = repository.writer();
    const blob = await writer.blob(Buffer.from('x'));
    await expect(writer.tree(paths.map((file) => [file, blob] as const))).rejects.toMatchObject({ code: 'KG406' });
  },
);

test('a commit is the one that git would make', async () => {
  const { repository, git, gitWith } = await testRepository();
  const message = 'Snapshot: naïve\n\nBody\n\nKnowngood-Tenant: t\n';
  const { commit, parent } = await stateCommit(repository, { 'users/abc/abc.yaml': 'a: 1\n' }, message);
  const date = `@${NOON.getTime() / 1000} +0000`;
  const who = { NAME: 'knowngood', EMAIL: 'knowngood@localhost', DATE: date };
  const env = Object.fromEntries(
    Object.entries(who).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]),
  );
  const theirs = gitWith({ env, input: message }, 'commit-tree', `${commit}^{tree}`, '-p', parent ?? '', '-F', '-');
  expect(commit).toBe(theirs);
  expect(git('fsck', '--strict', '--no-dangling')).toBe('');
});

test('the identity is git’s own, from the environment first', async () => {
  const { repository, git, directory, environment } = await testRepository();
  expect(await repository.identity()).toBe('knowngood <knowngood@localhost>');
  git('config', 'user.name', 'Ana <Ä> Ng');
  git('config', 'user.email', 'ana@example.com');
  const configured = await openTest(directory, environment);
  expect(await configured.repository.identity()).toBe('Ana Ä Ng <ana@example.com>');
  const named = await openTest(directory, { ...environment, GIT_AUTHOR_NAME: 'Bo', GIT_COMMITTER_NAME: 'Cy' });
  expect(await named.repository.identity()).toBe('Bo <ana@example.com>');
  const { commit } = await stateCommit(named.repository, { 'policies/a.yaml': '1' });
  expect(named.git('log', '-1', '--format=%an <%ae>, %cn <%ce>, %cI', commit)).toBe(
    'Bo <ana@example.com>, Cy <ana@example.com>, 2026-11-18T12:00:00+00:00',
  );
});

test.skipIf(process.platform === 'win32')('commits are signed by git where it is set to sign', async () => {
  const { git, directory, environment, write } = await testRepository();
  // Stands for a signing program: it answers as gpg does and signs with a constant.
  write('../sign', `#!${process.execPath}\n${SIGNER}`);
  chmodSync(`${directory}/../sign`, 0o755);
  git('config', 'commit.gpgsign', 'true');
  git('config', 'gpg.program', `${directory}/../sign`);
  const { repository } = await openTest(directory, environment);
  const { commit } = await stateCommit(repository, { 'policies/a.yaml': '1' });
  expect(git('cat-file', 'commit', commit)).toContain('gpgsig -----BEGIN PGP SIGNATURE-----');
  const [logged] = await repository.log(commit, { trailer: 'Knowngood-Tenant' });
  expect(logged?.trailers.get('Knowngood-Tenant')).toEqual(['t']);
});

const SIGNER = `
process.stdin.resume();
process.stdin.on('end', () => {
  process.stderr.write('\\n[GNUPG:] SIG_CREATED D\\n');
  process.stdout.write('-----BEGIN PGP SIGNATURE-----\\n\\nabc\\n-----END PGP SIGNATURE-----\\n');
});
`;

test('what git refuses reaches whoever flushes', async () => {
  const { repository } = await testRepository();
  const writer = repository.writer();
  await writer.blob(Buffer.from('x'));
  rmSync(repository.gitDir, { recursive: true });
  await expect(writer.flush()).rejects.toMatchObject({ code: 'KG406' });
});

test('ids need no git', () => {
  expect(objectId('blob', Buffer.from('hello\n'))).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
});
