import { expect, test } from 'vitest';
import { backup, MAIN, stateCommit, testRepository } from './repositories.js';

const FILES = {
  'users/abc/abc-1.yaml': 'displayName: Zoë\n',
  'users/abd/abd-2.yaml': '',
  'policies/p.yaml': 'state: enabled\n',
  'policies/README.md': 'not state\n',
};

test('revisions are git’s, and never options', async () => {
  const { repository, git } = await testRepository();
  const head = git('rev-parse', 'HEAD');
  git('-c', 'user.name=x', '-c', 'user.email=x', 'tag', '-m', 'annotated', 'v1');
  for (const revision of ['main', 'HEAD', 'v1', head, head.slice(0, 8), MAIN]) {
    expect(await repository.resolve(revision)).toBe(head);
  }
  for (const revision of [
    '',
    '-x',
    '--all',
    '--git-dir',
    'no such',
    'HEAD~7',
    'HEAD:knowngood.yaml',
    'a\0b',
    '^HEAD',
    'main..main',
  ]) {
    expect(await repository.resolve(revision), revision).toBeUndefined();
  }
  expect(await repository.ref(MAIN)).toBe(head);
  expect(await repository.ref('refs/tags/v1')).toBe(git('rev-parse', 'v1'));
  for (const name of ['refs/heads/none', 'main', '--all', 'refs/heads/ma*']) {
    expect(await repository.ref(name), name).toBeUndefined();
  }
});

test('refs move together or not at all, and only from where they are expected', async () => {
  const { repository, git } = await testRepository();
  const { commit, parent } = await stateCommit(repository, FILES);
  const live = 'refs/knowngood/live/x';
  git('checkout', '-q', '--detach');
  await repository.updateRefs(
    [
      { ref: MAIN, to: commit, expected: parent },
      { ref: live, to: commit, expected: null },
    ],
    'reason\nwith a break',
  );
  expect([git('rev-parse', 'main'), git('rev-parse', live)]).toEqual([commit, commit]);
  expect(git('reflog', '-1', '--format=%gs', 'main')).toBe('reason; with a break');
  const other = await stateCommit(repository, {});
  for (const expected of [parent, null]) {
    const updates = [
      { ref: live, to: other.commit, expected: commit },
      { ref: MAIN, to: other.commit, expected },
    ];
    await expect(repository.updateRefs(updates, 'late')).rejects.toMatchObject({
      code: 'KG402',
      exit: 1,
      message: `Another process moved ${MAIN} meanwhile.`,
      remedy: 'Run the command again.',
    });
  }
  expect(git('rev-parse', live)).toBe(commit);
  const gone = [{ ref: 'refs/knowngood/none', to: commit, expected: commit }];
  await expect(repository.updateRefs(gone, 'x')).rejects.toMatchObject({ code: 'KG402', where: /does not exist/ });
});

test('of many processes that move a ref at once exactly one wins', { timeout: 60_000 }, async () => {
  const { repository } = await testRepository();
  const ref = 'refs/knowngood/race';
  const commits = await Promise.all(
    Array.from({ length: 8 }, (_, n) => stateCommit(repository, { 'policies/a.yaml': `${n}` })),
  );
  const results = await Promise.allSettled(
    commits.map(({ commit }) => repository.updateRefs([{ ref, to: commit, expected: null }], 'race')),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  expect(failures.map(({ code }) => code)).toEqual(failures.map(() => 'KG402'));
});

test('a lock that a killed git left behind is named', async () => {
  const { repository, write } = await testRepository();
  const { commit } = await stateCommit(repository, FILES);
  write('.git/refs/knowngood/x.lock', '');
  await expect(
    repository.updateRefs([{ ref: 'refs/knowngood/x', to: commit, expected: null }], 'x'),
  ).rejects.toMatchObject({
    code: 'KG402',
    where: expect.stringContaining('x.lock'),
    remedy: expect.stringContaining('delete that file'),
  });
});

test('the log holds the commits with a trailer, merged ones too, whatever messages say', async () => {
  const { repository, git, gitWith } = await testRepository();
  const hostile = 'Snapshot: \u001f\u001e a\tb <x> %H 🙂\n\nKnowngood-Tenant: in the body\nnot a trailer\nat\nall\n\n';
  const first = await backup(repository, FILES, `${hostile}Knowngood-Tenant: 1\nKnowngood-Objects: user=2\n  folded\n`);
  await backup(repository, FILES, 'Fake\n\nKnowngood-Tenant: no trailer here\n\nBecause text follows.\n');
  const third = await backup(repository, {}, 'Snapshot: x\n\nKnowngood-Tenant: 3\nKnowngood-Tenant: 4\nOther: y: z\n');
  const side = gitWith(
    { input: 'Side\n\nKnowngood-Tenant: side\n' },
    '-c',
    'user.name=x',
    '-c',
    'user.email=x',
    'commit-tree',
    'main^{tree}',
    '-p',
    'main~1',
    '-F',
    '-',
  );
  git('-c', 'user.name=x', '-c', 'user.email=x', 'merge', '-q', '-s', 'ours', '-m', 'Merge', side);
  const log = await repository.log('main', { trailer: 'Knowngood-Tenant' });
  expect(log.map(({ id }) => id)).toEqual(expect.arrayContaining([third, side, first]));
  const mine = log.filter(({ id }) => id !== side);
  expect(mine.map(({ id }) => id)).toEqual([third, first]);
  expect(mine[0]?.trailers).toEqual(
    new Map([
      ['Knowngood-Tenant', ['3', '4']],
      ['Other', ['y: z']],
    ]),
  );
  expect(mine[1]).toMatchObject({
    subject: 'Snapshot: \u001f\u001e a\tb <x> %H 🙂',
    author: 'knowngood <knowngood@localhost>',
    committed: '2026-11-18T12:00:00Z',
    parents: [git('rev-parse', `${first}^`)],
    trailers: new Map([
      ['Knowngood-Tenant', ['1']],
      ['Knowngood-Objects', ['user=2 folded']],
    ]),
  });
  const limited = await repository.log('main', { trailer: 'Knowngood-Tenant', limit: 2 });
  expect(limited).toEqual(log.slice(0, 2));
  expect(await repository.log('main', { trailer: 'Knowngood-Tenant', limit: 1 })).toEqual(log.slice(0, 1));
  expect(await repository.log('no-such-branch', { trailer: 'Knowngood-Tenant' })).toEqual([]);
});
