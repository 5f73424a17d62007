/**
 * `npm run bench`: the budgets of the design, measured in one run on one machine. `-- --objects N` for a tenant of another
 * size, `-- --only diff` for the difference report alone; docs/bench.md says how to read the table.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, type as system, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { git } from './git-work.mjs';
import { incremental } from './incremental.mjs';
import { PER_USER, prepare } from './prepare.mjs';
import { steps } from './steps.mjs';
import { count, tableOf } from './table.mjs';

const { values } = parseArgs({
  options: {
    objects: { type: 'string', default: '100000' },
    out: { type: 'string', default: 'bench-result' },
    folder: { type: 'string' },
    times: { type: 'string', default: '9' },
    brief: { type: 'boolean', default: false },
    only: { type: 'string' },
    incremental: { type: 'boolean', default: false },
  },
});
const objects = Number(values.objects);
if (!Number.isInteger(objects) || objects < 100) throw new Error('--objects takes a number from 100');
if (![undefined, 'diff'].includes(values.only)) throw new Error('--only takes diff');

const began = Date.now();
const say = (text) =>
  process.stderr.write(`${String(Math.round((Date.now() - began) / 1000)).padStart(5)} s  ${text}\n`);
const kept = values.folder === undefined ? undefined : resolve(values.folder);
if (kept !== undefined) mkdirSync(kept, { recursive: true });
const folder = kept ?? mkdtempSync(join(tmpdir(), 'knowngood-bench-'));
const cleanUp = () => kept === undefined && rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
process.once('exit', cleanUp);

const tenant = values.incremental
  ? { objects, users: Math.round(objects / PER_USER) }
  : await prepare(folder, objects, say);
const rows = [];
let failure;
try {
  const options = { times: Number(values.times), brief: values.brief, only: values.only };
  if (values.incremental) rows.push(...(await incremental(folder, objects, Number(values.times), say)));
  else for await (const row of steps(tenant, options, say)) rows.push(row);
} catch (error) {
  // What was measured until then is told all the same.
  failure = error;
}
const machine = {
  processor: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
  memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
  system: `${system()} ${release()}`,
  node: process.version,
  git: git(folder, ['--version']).replace('git version ', ''),
};
const about = `${count(tenant.objects)} objects, ${count(tenant.users)} of them users. ${Object.values(machine).join('; ')}.`;
const table = tableOf(rows);
writeFileSync(
  `${values.out}.json`,
  `${JSON.stringify({ format: 1, objects: tenant.objects, machine, rows }, null, 2)}\n`,
);
writeFileSync(`${values.out}.md`, `${about}\n\n${table}\n`);
process.stdout.write(`${about}\n\n${table}\n`);
if (failure !== undefined) throw failure;
