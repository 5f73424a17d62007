/** What happens to the tenant: other values in two properties of many users, and members taken out of groups. */

import { writeFileSync } from 'node:fs';
import { createRecording, itemKey, openRecording } from './recording.mjs';

const OTHER = { department: 'Changed by the bench', jobTitle: 'Changed by the bench' };
const GROUPS = 200;
const MEMBERS = 45;

/**
 * Writes a recording that lies over the good one, and beside it what has to be written to undo it. `updates`: how many
 * users, at most; they are spread over the list. Resolves to how many there are.
 */
export async function recordDamage(goodFile, file, updates) {
  const good = await openRecording(goodFile);
  const damaged = createRecording(file);
  const expected = [];
  const groups = new Map();
  const count = { users: 0, links: 0 };
  const users = countUsers(good);
  let share = 0;
  for (const key of good.keys()) {
    const [, path] = /^p (\/[^/]+\/(?:users|groups))\?/.exec(key) ?? [];
    if (path === undefined) continue;
    const page = JSON.parse(good.read(key).toString('utf8'));
    if (path.endsWith('/groups')) {
      for (const group of page.value) groups.set(group.id, group);
      continue;
    }
    for (const user of page.value) {
      share += user.onPremisesSyncEnabled === true ? 0 : updates / users;
      if (share < 1 || user.onPremisesSyncEnabled === true || count.users >= updates) continue;
      share -= 1;
      count.users += 1;
      const url = `${path}/${user.id}`;
      expected.push({ url, body: { department: user.department ?? null, jobTitle: user.jobTitle ?? null } });
      Object.assign(user, OTHER);
      damaged.add(itemKey(url), Buffer.from(JSON.stringify({ status: 200, headers: {}, body: user })));
    }
    damaged.add(key, Buffer.from(JSON.stringify(page)));
  }
  for (const key of good.keys()) {
    const [, id] = /^i \/[^/]+\/groups\/([^/]+)\/members\?/.exec(key) ?? [];
    if (id === undefined || !isWritable(groups.get(id)) || count.links >= GROUPS * MEMBERS) continue;
    const item = JSON.parse(good.read(key).toString('utf8'));
    const gone = item.body.value.splice(0, Math.min(MEMBERS, item.body.value.length));
    if (gone.length === 0) continue;
    count.links += gone.length;
    expected.push({ url: `/v1.0/groups/${id}`, targets: gone.map((member) => member.id) });
    damaged.add(key, Buffer.from(JSON.stringify(item)));
  }
  damaged.close();
  good.close();
  writeFileSync(`${file}.expected`, expected.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return count;
}

/** How many users a plan may update, as many as there are on the pages. */
function countUsers(good) {
  let count = 0;
  for (const key of good.keys()) {
    if (!/^p \/[^/]+\/users\?/.test(key)) continue;
    const page = JSON.parse(good.read(key).toString('utf8'));
    for (const user of page.value) if (user.onPremisesSyncEnabled !== true) count += 1;
  }
  return Math.max(count, 1);
}

function isWritable(group) {
  if (group === undefined || group.onPremisesSyncEnabled === true) return false;
  return group.mailEnabled !== true || group.groupTypes.includes('Unified');
}
