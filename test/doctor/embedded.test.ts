/** The doctor where the sandbox runs within the command itself, with tokens that say what they let do. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeToken } from '../../src/cli/sandbox-token.js';
import { examine } from '../../src/doctor.js';
import { init } from '../../src/init.js';
import { openWorkspace } from '../../src/workspace.js';
import { surroundings, temporary } from '../support/scene.js';

it('ends with two identities, and tells what a reader may and an operator lacks', async () => {
  const outside = temporary();
  onTestFinished(() => rmSync(outside, { recursive: true, force: true, maxRetries: 5 }));
  const root = join(outside, 'acme');
  await init({ directory: root, tenant: 'sandbox', branch: 'main', users: 20 }, surroundings({}));
  const token = async (as: 'reader' | 'operator', ...without: string[]) =>
    (await makeToken({ repo: root, as, without, hours: 1 }, new Date())).token;
  const env = {
    KNOWNGOOD_TOKEN: await token('reader'),
    KNOWNGOOD_APPLY_TOKEN: await token('operator', 'User.ReadWrite.All', 'User.DeleteRestore.All'),
  };
  const workspace = await openWorkspace(root, surroundings(env));
  try {
    const { checks } = await examine(workspace);
    const found = Object.fromEntries(checks.map(({ id, status }) => [id, status]));
    expect(found).toMatchObject({
      'backup.permissions': 'ok',
      'backup.excess': 'ok',
      'recovery.permissions': 'failed',
      'recovery.administrators': 'warning',
      'protection.native-backups': 'ok',
      'protection.native-recovery': 'ok',
    });
    const lacking = checks.find(({ id }) => id === 'recovery.permissions')?.details?.map((line) => line.split(':')[0]);
    expect(lacking).toEqual(['User.DeleteRestore.All', 'User.ReadWrite.All']);
  } finally {
    await workspace.close();
  }
});
