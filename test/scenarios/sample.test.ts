/**
 * The sample state that this repository carries is exactly what a snapshot of it writes: the canonical form's golden files.
 * `node scripts/generate-sample.mjs` makes it again.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snapshot } from '../../src/backup.js';
import { startSandbox } from '../../src/sandbox/index.js';
import { commitFiles, initRepository, openRepository } from '../../src/state/repository.js';
import { openWorkspace } from '../../src/workspace.js';

const SAMPLE = fileURLToPath(new URL('../../tenant-state', import.meta.url));

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sample-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function filesIn(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(root, name), 'utf8')]));
}

describe('the sample state', () => {
  it('comes back byte for byte from a sandbox that was started from it', async () => {
    const sandbox = await startSandbox({ dataDir: join(folder, 'data'), from: SAMPLE });
    const root = join(folder, 'repository');
    await initRepository(root, 'main');
    const repository = await openRepository(root, { pathOf: () => '', keyOf: () => undefined });
    await commitFiles(repository, new Map([['knowngood.yaml', 'format: 1\ntenant: sandbox\n']]), 'Start');
    await repository.close();
    await writeFile(join(root, '.gitignore'), '.knowngood/\n');
    const workspace = await openWorkspace(root, {
      env: { KNOWNGOOD_GRAPH_URL: sandbox.url },
      clock: () => new Date(),
      note: () => {},
      progress: () => {},
      signal: new AbortController().signal,
    });
    try {
      const result = await snapshot(workspace);
      expect(result.coverage.gaps).toEqual([]);
      expect(filesIn(join(root, 'tenant-state'))).toEqual(filesIn(SAMPLE));
    } finally {
      await workspace.close();
      await sandbox.close();
    }
  });
});
