/** Memberships of groups. Source: "List group members", "Add members", "Remove member", "List memberOf". */
import { badRequest, denied, missingWords, notFound } from '../errors.js';
import { hasId } from '../ordered-ids.js';
import { showsMembers } from '../permits.js';
import { bindLimit } from '../quirks/limits.js';
import { memberWords } from '../quirks/words.js';
import { type GraphAnswer, type GraphRequest, type Handler, type HandlerContext, isEventual } from '../request.js';
import { directoryObjectTypes, resources } from '../resources.js';
import { checkMembersWritable, isUnified } from '../rules/group.js';
import type { SeedCollection } from '../seed.js';
import type { Store, Stored } from '../store.js';
import { graphTime } from '../time.js';
import { readCaller } from '../tokens.js';
import { type Body, isGuid, objectBody } from '../validate.js';
import { answerCount, answerList, findLive, type Listing } from './read.js';
import { removeObject } from './removal.js';

type Member = 'users' | 'groups' | 'servicePrincipals';

export const bindKey = 'members@odata.bind';

/**
 * `GET /groups/{id}/members`, with or without a cast. Members in the recycle bin stay stored and are not listed, unless
 * `behaviour.listDeletedMembers` says so.
 */
export function listMembers(cast?: Member): Handler {
  return (context) => {
    const listing = memberListing(context, cast);
    const hidden = cast === undefined && !listsPrincipals(context.request);
    const { includes = () => true } = listing;
    return answerList(
      context,
      hidden
        ? { ...listing, includes: (stored) => stored.collection !== 'servicePrincipals' && includes(stored) }
        : listing,
    );
  };
}

/** Version 1.0 leaves out service principals, unless it is asked the advanced way. Source: "List group members". */
function listsPrincipals(request: GraphRequest): boolean {
  return request.version === 'beta' || (isEventual(request) && request.query.get('$count') === 'true');
}

export function countMembers(context: HandlerContext): GraphAnswer {
  return answerCount(context, memberListing(context));
}

function memberListing(context: HandlerContext, cast?: Member): Listing {
  const group = findLive(context.store, 'groups', context.parameters.id ?? '');
  const shown = showsMembers(readCaller(context.request.token), group);
  if (!shown && context.behaviour.hiddenMembers === 'denied') throw denied();
  return linkListing(shown ? group.members : [], cast, cast, context.behaviour.listDeletedMembers);
}

/** `GET /users/{id}/memberOf`, `GET /groups/{id}/memberOf`: the live groups that hold the object. */
export function listMemberOf(collection: Member, cast?: 'groups'): Handler {
  return (context) =>
    answerList(
      context,
      linkListing(findLive(context.store, collection, context.parameters.id ?? '').memberOf, cast, cast ?? 'groups'),
    );
}

function linkListing(
  ids: readonly string[],
  cast: SeedCollection | undefined,
  only: SeedCollection | undefined,
  deleted = false,
): Listing {
  return {
    resource: resources[cast ?? 'users'],
    ids,
    includes: (stored) => (deleted || !stored.deletedDateTime) && (only === undefined || stored.collection === only),
    context: cast ? resources[cast].context : 'directoryObjects',
    selectable: cast
      ? { types: resources[cast].kinds, reported: resources[cast].type }
      : { types: directoryObjectTypes, reported: 'directoryObject' },
    withType: true,
  };
}

/** `POST /groups/{id}/members/$ref`: 204. */
export function addMember(context: HandlerContext): GraphAnswer {
  const { store } = context;
  const group = findLive(store, 'groups', context.parameters.id ?? '');
  const body = objectBody(context.request.body);
  const id = referencedId(body['@odata.id']);
  checkMembersWritable(group.object);
  const member = liveMember(store, id);
  if (!member) throw notFound(id);
  checkNewMember(group, member);
  context.commit({ op: 'update', at: graphTime(context.clock()), id: group.id, add: [member.id] });
  return { status: 204 };
}

/**
 * The ids that `members@odata.bind` of a body adds: at most 20, and all of them or none. `group` is undefined for a group
 * that is being created. Throws 400.
 */
export function boundMembers(store: Store, group: Stored | undefined, body: Body): string[] {
  const references = body[bindKey];
  if (references === undefined) return [];
  if (!Array.isArray(references)) throw badRequest(memberWords.reference);
  if (references.length > bindLimit)
    throw badRequest(`The number of references in '${bindKey}' exceeds the maximum of ${bindLimit} for one request.`);
  checkMembersWritable(group?.object ?? body);
  const ids = references.map(referencedId);
  for (const [at, id] of ids.entries()) {
    const member = liveMember(store, id);
    if (!member) throw badRequest(missingWords(id));
    if (ids.indexOf(id) !== at) throw badRequest(memberWords.exists);
    if (group) checkNewMember(group, member);
    else if (isUnified(body) && member.collection !== 'users') throw badRequest(memberWords.reference);
  }
  return ids;
}

/** A group cannot hold itself, a Microsoft 365 group holds users only, and a member is added once. */
function checkNewMember(group: Stored, member: Stored): void {
  if (hasId(group.members, member.id)) throw badRequest(memberWords.exists);
  if (member.id === group.id) throw badRequest(memberWords.reference);
  if (isUnified(group.object) && member.collection !== 'users') throw badRequest(memberWords.reference);
}

/** `…/directoryObjects/{id}`, or the same with the name of the collection → id. Throws 400 for anything else. */
function referencedId(reference: unknown): string {
  const match =
    typeof reference === 'string'
      ? /\/(?:directoryObjects|users|groups|servicePrincipals)(?:\/|\(')([^/'?#]+)(?:'\))?$/.exec(reference)
      : null;
  if (!match?.[1] || !isGuid(match[1])) throw badRequest(memberWords.reference);
  return match[1].toLowerCase();
}

/** What can be a member of a group. Source: "Add members". */
const memberCollections: readonly SeedCollection[] = ['users', 'groups', 'servicePrincipals'];

function liveMember(store: Store, id: string): Stored | undefined {
  const stored = store.objects.get(id);
  return stored && !stored.deletedDateTime && memberCollections.includes(stored.collection) ? stored : undefined;
}

/** `DELETE /groups/{id}/members/{memberId}/$ref`: 204. */
export function removeMember(context: HandlerContext): GraphAnswer {
  const { store } = context;
  const group = findLive(store, 'groups', context.parameters.id ?? '');
  const id = context.parameters.memberId ?? '';
  checkMembersWritable(group.object);
  const member = liveMember(store, id.toLowerCase());
  if (!member) throw notFound(id);
  if (!hasId(group.members, member.id)) throw badRequest(memberWords.missing);
  context.commit({ op: 'update', at: graphTime(context.clock()), id: group.id, remove: [member.id] });
  return { status: 204 };
}

/**
 * `DELETE /groups/{id}/members/{memberId}` without `/$ref`: an application that may delete the member deletes the member
 * itself, not the membership. Source: the warning on the page "Remove member".
 */
export function deleteMemberItself(context: HandlerContext): GraphAnswer {
  const { store } = context;
  const group = findLive(store, 'groups', context.parameters.id ?? '');
  const id = context.parameters.memberId ?? '';
  const member = liveMember(store, id.toLowerCase());
  if (!member || !hasId(group.members, member.id)) throw notFound(id);
  return removeObject(context, member);
}
