/** Makes backups of changing files until it is killed; says each one that is complete. Run by crash.test.ts. */

import { openRepository } from '../../src/state/repository.js';
import type { Layout } from '../../src/state/types.js';

const MAIN = 'refs/heads/main';
const layout: Layout = { pathOf: () => '', keyOf: () => undefined };

const repository = await openRepository(process.argv[2] ?? '', layout);
await repository.assertClean((text) => process.stderr.write(`${text}\n`));
process.stdout.write('ready\n');
for (let round = 0; ; round += 1) {
  await repository.assertClean((text) => process.stderr.write(`${text}\n`));
  const parent = await repository.resolve(MAIN);
  if (parent === undefined) throw new Error('there is no backup');
  const writer = repository.writer();
  const files: [string, string][] = [];
  for (let n = 0; n < 400; n += 1) {
    // Some files change, some appear, some go.
    if ((n + round) % 5 === 0) continue;
    const content = Buffer.from(`round: ${n % 2 === 0 ? round : 0}\n`.repeat(n));
    files.push([`users/${String(n % 40).padStart(3, '0')}/${n}.yaml`, await writer.blob(content)]);
  }
  const root = await repository.rootEntries(parent);
  root.set('tenant-state', { mode: '040000', id: await writer.tree(files) });
  const message = `Snapshot: round ${round}\n\nKnowngood-Tenant: t\n`;
  const commit = await writer.commit({ tree: await writer.treeOf(root), parents: [parent], message });
  await writer.flush();
  const updates = [
    { ref: MAIN, to: commit, expected: parent },
    { ref: 'refs/knowngood/delta', to: commit, expected: (await repository.ref('refs/knowngood/delta')) ?? null },
  ];
  await repository.advance(updates, MAIN, 'round');
  process.stdout.write(`${commit}\n`);
}
