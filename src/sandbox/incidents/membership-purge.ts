import type { BatchItem, Client } from './client.js';
import { type Item, isDynamic, isExchangeGroup, isOneIn, isSynced, listGroups } from './tenant-view.js';

/** An access review that nobody answered: it removes every member of half of the groups, the largest one among them. */
export async function membershipPurge(client: Client): Promise<string[]> {
  const groups = (await listGroups(client)).filter(
    (group) => !isDynamic(group) && !isSynced(group) && !isExchangeGroup(group),
  );
  const members = await listMembers(client, groups);
  const filled = groups.filter((group) => sizeOf(group) > 0);
  const largest = filled.reduce((a, b) => (sizeOf(b) > sizeOf(a) ? b : a), filled[0] as Item);
  const chosen = filled.filter((group) => group === largest || isOneIn(2, group));
  const removals = chosen.flatMap((group) => (members.get(group.id) ?? []).map((member) => removal(group.id, member)));
  await client.batch(removals);
  if (largest === undefined) return ['no group has a member that could be removed'];
  return [
    `${removals.length.toLocaleString('en-US')} members removed from ${chosen.length} of ${groups.length} groups with assigned members`,
    `largest group emptied: ${largest.displayName} (${sizeOf(largest)} members)`,
  ];

  function sizeOf(group: Item): number {
    return members.get(group.id)?.length ?? 0;
  }
}

function removal(group: string, member: string): BatchItem {
  return { method: 'DELETE', url: `/groups/${group}/members/${member}/$ref` };
}

/** The members of each group: the first pages in batches, the others of large groups one after another. */
async function listMembers(client: Client, groups: readonly Item[]): Promise<Map<string, string[]>> {
  const pathOf = (group: Item) => `/groups/${group.id}/members?$select=id&$top=999`;
  const pages = await client.batch(groups.map((group) => ({ method: 'GET', url: pathOf(group) })));
  const members = new Map<string, string[]>();
  for (const [i, group] of groups.entries()) {
    const page = pages[i] ?? {};
    const items = page['@odata.nextLink'] === undefined ? (page.value as Item[]) : await client.list(pathOf(group));
    members.set(
      group.id,
      items.map((item) => String(item.id)),
    );
  }
  return members;
}
