/**
 * Makes the sample state, `tenant-state/`, again: the generated tenant of five users, as a backup of a sandbox writes it
 * that was started from exactly this state. Build first.
 *
 *   node scripts/generate-sample.mjs
 */

import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSandbox } from '../dist/sandbox/index.js';

const USERS = 5;
/** When it is, for the sandbox: the sample is the same whenever it is made. */
const NOW = '2026-11-20T08:00:00Z';
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const folder = mkdtempSync(join(tmpdir(), 'knowngood-sample-'));
try {
  const generated = await backup('generated', { users: USERS });
  // A sandbox that is started from a state has an id of its own, which is in the state that is carried.
  const carried = await backup('carried', { from: generated });
  rmSync(join(root, 'tenant-state'), { recursive: true, force: true });
  cpSync(carried, join(root, 'tenant-state'), { recursive: true });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Takes a backup of a sandbox; the folder that holds its state. */
async function backup(name, tenant) {
  const sandbox = await startSandbox({ dataDir: join(folder, `${name}-data`), clock: () => new Date(NOW), ...tenant });
  try {
    await knowngood(sandbox.url, 'init', join(folder, name), '--tenant', 'sandbox');
    await knowngood(sandbox.url, 'snapshot', '-C', join(folder, name));
  } finally {
    await sandbox.close();
  }
  return join(folder, name, 'tenant-state');
}

/** The sandbox answers in this process, which must not wait for the command. */
function knowngood(url, ...args) {
  const child = spawn(process.execPath, [join(root, 'bin', 'run.js'), ...args], {
    env: { ...process.env, KNOWNGOOD_GRAPH_URL: url },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`${args[0]} ended with ${code}`))));
  });
}
