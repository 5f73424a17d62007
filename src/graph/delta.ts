/**
 * Graph's accounts of what has changed. Items may come twice, out of order and in slices ("Use delta query to track changes
 * in Microsoft Graph data"), so nothing but the ids in them is believed: what changed is read again.
 */

import { isJsonObject, type JsonObject } from '../model/json.js';
import type { Link, ObjectType } from '../registry/types.js';
import { allItems, pageOf, requestAt, trusted } from './paging.js';
import type { Found } from './reader.js';
import { deltaRequest, objectByRequest, ownersOfTargetRequest, recoveryJobsRequest } from './requests.js';
import { type GraphClient, type GraphError, GraphFailure, type GraphRequest, type Outcome } from './types.js';

/** What an account of changes comes to. */
export interface Changes {
  /** Ids of everything that is named: changed, new, deleted or back again. */
  readonly named: ReadonlySet<string>;
  /** Where the next account begins: version, path and query, without the origin. */
  readonly link: string;
}

/** A link that leads from now on. Throws a GraphFailure where Graph gives none. */
export async function beginChanges(client: GraphClient, type: ObjectType): Promise<string> {
  return (await follow(client, deltaRequest(type), () => undefined)).link;
}

/**
 * Everything that Graph names since a link, to its end. Throws a GraphFailure where it refuses the link or breaks off: then
 * nothing is known of what has changed.
 */
export async function readChanges(
  client: GraphClient,
  link: string,
  onPage: (named: number) => void,
): Promise<Changes> {
  const request = requestAt(`${client.root}/${link}`, client.root);
  if (request === undefined) throw new GraphFailure(problem('The link cannot be followed.'));
  return follow(client, request, onPage);
}

async function follow(client: GraphClient, first: GraphRequest, onPage: (named: number) => void): Promise<Changes> {
  const named = new Set<string>();
  const visited = new Set<string>();
  for (let request = first; ; ) {
    if (visited.has(request.path))
      throw new GraphFailure(problem('The account of changes leads back to a page it had.'));
    visited.add(request.path);
    const outcome = await trusted(client.send, request);
    if (!outcome.ok) throw new GraphFailure(outcome.error);
    const { body } = outcome.answer;
    const page = pageOf(body, client.root);
    for (const item of page.items) named.add(idIn(item));
    onPage(named.size);
    if (page.next === undefined) return { named, link: linkIn(body as JsonObject, client.root) };
    request = page.next;
  }
}

function idIn(item: unknown): string {
  const id = isJsonObject(item as JsonObject) ? (item as JsonObject).id : undefined;
  if (typeof id === 'string' && id !== '') return id.toLowerCase();
  throw new GraphFailure(problem('It names something without its id.'));
}

function linkIn(body: JsonObject, root: string): string {
  const link = body['@odata.deltaLink'];
  const request = typeof link === 'string' ? requestAt(link, root) : undefined;
  if (request === undefined) throw new GraphFailure(problem('It does not say where the next one begins.'));
  return `${request.version}${request.path}`;
}

/** Ids of the owners that have a link to each of these targets; each list is whole or unknown. */
export async function readOwners(
  client: GraphClient,
  owner: ObjectType,
  link: Link,
  targetType: string,
  targets: readonly string[],
): Promise<readonly Found<readonly string[]>[]> {
  const requests = targets.map((target) => ownersOfTargetRequest(link, targetType, target));
  const first = await client.sendAll(requests);
  const kind = `#microsoft.graph.${owner.name}`;
  return Promise.all(first.map((outcome, index) => idsIn(client, requests[index] as GraphRequest, outcome, kind)));
}

/** Everything of one kind that a list holds, of which the first page is there: also what does not say of which kind it is. */
async function idsIn(
  client: GraphClient,
  request: GraphRequest,
  first: Outcome,
  kind: string,
): Promise<Found<readonly string[]>> {
  if (!first.ok) return first.error.status === 404 ? { status: 'absent' } : { status: 'unknown', error: first.error };
  try {
    const items = await allItems(client, request, first);
    const isOfKind = (item: unknown) => ((item as JsonObject)['@odata.type'] ?? kind) === kind;
    return { status: 'found', value: items.filter(isOfKind).map(idIn) };
  } catch (cause) {
    if (cause instanceof GraphFailure) return { status: 'unknown', error: cause.error };
    throw cause;
  }
}

/** Ids of the objects that have these values of a property that identifies them. */
export async function readIdsBy(
  client: GraphClient,
  type: ObjectType,
  property: string,
  values: readonly string[],
): Promise<readonly Found<string>[]> {
  const outcomes = await client.sendAll(values.map((value) => objectByRequest(type, property, value)));
  return outcomes.map((outcome): Found<string> => {
    if (!outcome.ok)
      return outcome.error.status === 404 ? { status: 'absent' } : { status: 'unknown', error: outcome.error };
    const { body } = outcome.answer;
    const id = isJsonObject(body) ? body[type.keys[0]] : undefined;
    return typeof id === 'string'
      ? { status: 'found', value: id.toLowerCase() }
      : { status: 'unknown', error: problem('The answer held no object.') };
  });
}

const JOB = '#microsoft.graph.entraRecoveryServices.recoveryJob';
const ENDED = new Set(['successful', 'failed', 'abandoned']);

/**
 * Whether Microsoft's own recovery may have changed the tenant since a moment (UTC, ISO 8601): "objects changed by a recovery
 * produce neither change notifications nor delta" (Recovery API overview). Throws a GraphFailure where jobs cannot be read.
 */
export async function recoveredSince(client: GraphClient, moment: string): Promise<boolean> {
  for await (const page of client.pages(recoveryJobsRequest())) {
    for (const job of page) if (isJsonObject(job) && mayHaveChanged(job, Date.parse(moment))) return true;
  }
  return false;
}

function mayHaveChanged(job: JsonObject, since: number): boolean {
  if ((job['@odata.type'] ?? JOB) !== JOB) return false;
  const end = job.jobCompletionDateTime;
  if (typeof end === 'string') return !(Date.parse(end) < since);
  return !ENDED.has(String(job.status)) || !(Date.parse(String(job.jobStartDateTime)) < since);
}

function problem(message: string): GraphError {
  return { status: 0, code: 'InvalidDelta', message };
}
