/**
 * Snapshots that read only what has changed, of a small tenant and of one thirty times as large, against a running sandbox:
 * a recording could not tell what has changed since.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, makeRepository } from './git-work.mjs';
import { run } from './measure.mjs';
import { CONFIG, EXECUTABLE, objectsIn, PER_USER, withSandbox } from './prepare.mjs';

const CHANGES = 100;
const SMALLER = 30;

/** What is backed up: for some types, Graph says what has changed; others are read whole every time. */
const KINDS = [
  ['types whose changes Graph tells', 'types: [user, application, servicePrincipal, oauth2PermissionGrant]\n'],
  [
    'the same and groups: every service principal is asked for its groups',
    'types: [user, group, application, servicePrincipal, oauth2PermissionGrant]\n',
  ],
  ['all types: those without an account of changes are read whole', ''],
];

/** Rows of the table: each kind of snapshot in both tenants, the small one being what the large one is measured by. */
export async function incremental(folder, objects, times, say) {
  const small = await measureTenant(folder, Math.max(200, Math.round(objects / SMALLER)), times, say);
  const large = await measureTenant(folder, objects, times, say);
  return KINDS.map(([what], index) => {
    const [a, b] = [small[index], large[index]];
    const ratio = b.seconds / a.seconds;
    return {
      what: `snapshot with ${CHANGES} changes, ${what}`,
      measured: `${b.seconds.toFixed(2)} s, ${b.requests} requests (${b.objects} objects; everything: ${b.whole.toFixed(1)} s)`,
      floor: `${a.seconds.toFixed(2)} s, ${a.requests} requests (${a.objects} objects; everything: ${a.whole.toFixed(1)} s)`,
      ratio,
      cpu: [b.cpu, a.cpu],
      ...(index === 0 ? { budget: '≤ 1.3 ×', met: ratio <= 1.3 } : {}),
    };
  });
}

function measureTenant(folder, objects, times, say) {
  const data = join(folder, `sandbox-${objects}`);
  say(`Making up a tenant of about ${objects} objects`);
  return withSandbox(data, Math.round(objects / PER_USER), async ({ url }, heap) => {
    const users = await someUsers(url);
    const results = [];
    for (const [index, [what, types]] of KINDS.entries()) {
      say(`Measuring ${what}`);
      const repository = join(folder, `${objects}-${index}.git`);
      makeRepository(repository, `${CONFIG}${types}`);
      const args = [heap, EXECUTABLE, 'snapshot', '-C', repository];
      const snapshot = () =>
        run('snapshot', process.execPath, args, { env: environment({ KNOWNGOOD_GRAPH_URL: url }) });
      const { seconds: whole } = await snapshot();
      const measured = [];
      let requests = 0;
      for (let time = 0; time < times; time += 1) {
        await change(url, users, `${index}.${time}`);
        const before = requestsIn(data);
        measured.push(await snapshot());
        requests = requestsIn(data) - before;
      }
      results.push({
        seconds: median(measured.map(({ seconds }) => seconds)),
        cpu: median(measured.map(({ cpu }) => cpu)),
        requests,
        whole,
        objects: objectsIn(repository),
      });
    }
    return results;
  });
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Users that the cloud is the master of: Graph takes changes of no others. */
async function someUsers(url) {
  const path = `/v1.0/users?$select=id,onPremisesSyncEnabled&$top=${5 * CHANGES}`;
  const answer = await fetch(`${url}${path}`, { headers: { authorization: 'Bearer any' } });
  const { value } = await answer.json();
  return value
    .filter((user) => user.onPremisesSyncEnabled !== true && user['@odata.type'] === undefined)
    .slice(0, CHANGES)
    .map(({ id }) => id);
}

async function change(url, users, text) {
  for (const id of users) {
    const answer = await fetch(`${url}/v1.0/users/${id}`, {
      method: 'PATCH',
      headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
      body: JSON.stringify({ jobTitle: `Title ${text}` }),
    });
    if (answer.status !== 204) throw new Error(`PATCH ${id}: ${answer.status} ${await answer.text()}`);
  }
}

/** How many requests a sandbox has seen, those of batches one by one. */
function requestsIn(data) {
  let lines = 0;
  for (const byte of readFileSync(join(data, 'requests.jsonl'))) if (byte === 10) lines += 1;
  return lines;
}
