/** Records a tenant of the sandbox once, and what two kinds of damage make of it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { recordDamage } from './damage.mjs';
import { environment, git, makeRepository } from './git-work.mjs';
import { run } from './measure.mjs';
import { startRecorder } from './recorder.mjs';

export const EXECUTABLE = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** Objects for each user in a tenant of the sandbox. */
const PER_USER = 1.265;
const CONFIG = 'format: 1\ntenant: sandbox\n';
/** As many updates as are asked of one apply. */
const MOST_UPDATES = 100_000;

/** Resolves to where the recordings are, and how large the tenant is. */
export async function prepare(folder, objects, say) {
  const about = join(folder, 'about.json');
  if (existsSync(about)) return { folder, ...JSON.parse(readFileSync(about, 'utf8')) };
  const users = Math.max(20, Math.round(objects / PER_USER));
  say(`Making up a tenant of ${users} users`);
  const tenant = await record(folder, users, say);
  say('Damaging it');
  const tenth = await recordDamage(join(folder, 'good'), join(folder, 'tenth'), Math.round(tenant.objects / 10));
  const all = await recordDamage(join(folder, 'good'), join(folder, 'all'), MOST_UPDATES);
  writeFileSync(about, JSON.stringify({ ...tenant, tenth, all }));
  return { folder, ...tenant, tenth, all };
}

/** A first backup of a sandbox, seen from between the two. */
async function record(folder, users, say) {
  return withSandbox(join(folder, 'sandbox'), users, async ({ url, tenantId }, heap) => {
    say('Recording a backup of it');
    const recorder = await startRecorder(url, join(folder, 'good'));
    const repository = join(folder, 'recorded.git');
    makeRepository(repository, CONFIG);
    try {
      const args = [heap, EXECUTABLE, 'snapshot', '-C', repository];
      await run('recording', process.execPath, args, { env: environment({ KNOWNGOOD_GRAPH_URL: recorder.url }) });
    } finally {
      await recorder.close();
    }
    const objects = objectsIn(repository);
    rmSync(repository, { recursive: true, force: true });
    return { tenant: tenantId, users, objects };
  });
}

/** Objects of the newest backup. */
export function objectsIn(repository) {
  const trailer = git(repository, ['log', '-1', '--format=%(trailers:key=Knowngood-Objects,valueonly)', 'main']);
  const counts = trailer.split(' ').map((text) => Number(text.split('=')[1]));
  return counts.reduce((sum, each) => sum + each, 0);
}

/** Runs a sandbox with so many users, on data that are gone afterwards, while `work` is done. */
export async function withSandbox(data, users, work) {
  const heap = `--max-old-space-size=${Math.max(4096, Math.round(users / 60))}`;
  const sandbox = spawn(
    process.execPath,
    [heap, EXECUTABLE, 'sandbox', 'start', '--json', '--users', String(users), '--data', data, '--port', '0'],
    { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const stop = () => sandbox.kill('SIGINT');
  process.once('exit', stop);
  try {
    return await work(await announced(sandbox), heap);
  } finally {
    stop();
    process.off('exit', stop);
    if (sandbox.exitCode === null) await once(sandbox, 'exit');
    rmSync(data, { recursive: true, force: true });
  }
}

/** The document that `sandbox start --json` prints when it is ready. */
async function announced(sandbox) {
  let text = '';
  for await (const line of createInterface({ input: sandbox.stdout })) {
    text += line;
    if (line === '}') return JSON.parse(text);
  }
  throw new Error('the sandbox did not start');
}

export { CONFIG, PER_USER };
