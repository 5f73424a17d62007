/**
 * Examples in the middle of a delta query: the token of the page is somebody else's. The round before it is made first, and
 * then the changes that the page shows are made.
 */

import type { Example, JsonObject } from './examples.js';

/** What the pages select: pages after the first show their tokens only. */
export const SELECT: Readonly<Record<string, string>> = {
  '/groups': 'displayName,description,members',
  '/users': 'displayName,givenName,surname,jobTitle,mobilePhone',
};

export type Send = (method: string, path: string, body?: object) => Promise<{ status: number; body: JsonObject }>;

/** Whether an answer of this example tells what has changed since another one. */
export function isFollowing({ path, answer, method }: Example): boolean {
  if (method !== 'GET' || !/\/delta(?:\?|$)/.test(path)) return false;
  return path.includes('$deltatoken=') || JSON.stringify(answer).includes('"@removed"');
}

/** The state before: what is said to be removed is there, and so is what changed, with other values. */
export function before(example: Example): Example {
  const items = (example.answer?.value ?? []) as readonly JsonObject[];
  const value = items.map((item) => {
    const { '@removed': _, 'members@delta': members, ...rest } = item;
    const removed = membersOf(members).filter((each) => each['@removed'] !== undefined);
    const plain = removed.map(({ '@removed': __, ...member }) => member);
    return { ...rest, displayName: 'As it was', ...(members === undefined ? {} : { 'members@delta': plain }) };
  });
  return { ...example, path: example.path.replace(/\?.*$/, ''), answer: { value } };
}

/** Makes the changes, and gives the path that tells them. */
export async function change(example: Example, list: string, send: Send): Promise<string> {
  let link = `${list}/delta?$select=${SELECT[list]}`;
  for (;;) {
    const { body } = await send('GET', link);
    const next = body['@odata.nextLink'] ?? body['@odata.deltaLink'];
    link = String(next).replace(/^.*\/v1\.0/, '');
    if (body['@odata.deltaLink'] !== undefined) break;
  }
  for (const item of (example.answer?.value ?? []) as readonly JsonObject[]) {
    const path = `${list}/${item.id}`;
    if (item['@removed'] !== undefined) {
      await send('DELETE', path);
      continue;
    }
    const { id: _, 'members@delta': members, ...values } = item;
    if (Object.keys(values).length > 0) await send('PATCH', path, values);
    for (const member of membersOf(members)) {
      if (member['@removed'] !== undefined) await send('DELETE', `${path}/members/${member.id}/$ref`);
      else
        await send('POST', `${path}/members/$ref`, {
          '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${member.id}`,
        });
    }
  }
  return link;
}

const membersOf = (members: unknown): readonly JsonObject[] => (members ?? []) as readonly JsonObject[];
