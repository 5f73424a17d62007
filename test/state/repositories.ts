/** Real repositories in temporary folders, whose names are as awkward as people's. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { objectKey } from '../../src/model/object.js';
import { commitFiles, initRepository, type OpenRepository, openRepository } from '../../src/state/repository.js';
import type { Layout } from '../../src/state/types.js';

export const MAIN = 'refs/heads/main';
export const NOON = new Date('2026-11-18T12:00:00Z');

/** Two types: `user`, in shards of three characters, and `policy`, in one folder. */
export const layout: Layout = {
  pathOf: (object) => {
    const [type = '', key = ''] = object.split('/');
    return type === 'user' ? `users/${key.slice(0, 3)}/${key}.yaml` : `policies/${key}.yaml`;
  },
  keyOf: (file) => {
    const type = new Map([
      ['users', 'user'],
      ['policies', 'policy'],
    ]).get(file.split('/')[0] ?? '');
    const key = /([^/]+)\.yaml$/.exec(file)?.[1];
    return type === undefined || key === undefined ? undefined : objectKey(type, key);
  },
};

/** A person without a git identity, and nothing of the machine's configuration. */
export function bareEnvironment(home: string): NodeJS.ProcessEnv {
  const { PATH, Path, SystemRoot, TMPDIR, TEMP } = process.env;
  const kept = Object.entries({ PATH, Path, SystemRoot, TMPDIR, TEMP }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(kept), HOME: home, GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1' };
}

/** A temporary folder that goes away with the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'état de «test» ')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

export interface TestRepository {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly repository: OpenRepository;
  /** Runs git as a person would and returns what it printed, without the last line break. */
  git(...args: string[]): string;
  gitWith(options: { input?: string | Buffer; env?: NodeJS.ProcessEnv }, ...args: string[]): string;
  write(file: string, content: string): void;
}

/** A repository as `init` makes it, with one commit. */
export async function testRepository(environment?: NodeJS.ProcessEnv): Promise<TestRepository> {
  const folder = temporaryFolder();
  const directory = path.join(folder, 'state');
  const env = environment ?? bareEnvironment(folder);
  await initRepository(directory, 'main', env);
  const test = await openTest(directory, env);
  const files = new Map([
    ['knowngood.yaml', 'format: 1\n'],
    ['.gitattributes', 'tenant-state/** -text\n'],
  ]);
  await commitFiles(test.repository, files, 'Set up\n');
  return test;
}

export async function openTest(directory: string, environment: NodeJS.ProcessEnv): Promise<TestRepository> {
  const repository = await openRepository(directory, layout, { clock: () => NOON, environment });
  onTestFinished(() => repository.close());
  const gitWith: TestRepository['gitWith'] = ({ input, env }, ...args) =>
    execFileSync('git', args, {
      cwd: directory,
      encoding: 'utf8',
      env: { ...environment, ...env },
      maxBuffer: 1 << 28,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(input === undefined ? {} : { input }),
    }).replace(/\n$/, '');
  return {
    directory,
    environment,
    repository,
    gitWith,
    git: (...args) => gitWith({}, ...args),
    write(file, content) {
      const full = path.join(directory, file);
      mkdirSync(path.dirname(full), { recursive: true });
      writeFileSync(full, content);
    },
  };
}

/** Writes a commit on `main` whose `tenant-state/` holds exactly these files; no ref moves. */
export async function stateCommit(
  repository: OpenRepository,
  files: Readonly<Record<string, string>>,
  message = 'Snapshot: test\n\nKnowngood-Tenant: t\n',
): Promise<{ readonly commit: string; readonly parent: string | null }> {
  const parent = (await repository.resolve(MAIN)) ?? null;
  const writer = repository.writer();
  const ids: [string, string][] = [];
  for (const [file, content] of Object.entries(files)) ids.push([file, await writer.blob(Buffer.from(content))]);
  const root = parent === null ? new Map() : await repository.rootEntries(parent);
  root.set('tenant-state', { mode: '040000', id: await writer.tree(ids) });
  const parents = parent === null ? [] : [parent];
  const commit = await writer.commit({ tree: await writer.treeOf(root), parents, message });
  await writer.flush();
  return { commit, parent };
}

/** A backup of exactly these files, as `snapshot` makes it. */
export async function backup(
  repository: OpenRepository,
  files: Readonly<Record<string, string>>,
  message?: string,
): Promise<string> {
  const { commit, parent } = await stateCommit(repository, files, message);
  await repository.advance([{ ref: MAIN, to: commit, expected: parent }], MAIN, 'test backup');
  return commit;
}
