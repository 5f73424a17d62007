/** What a state token of change tracking says. It holds all there is to know, so nothing is kept for it here. */
import { badRequest, GraphError } from './errors.js';
import { type HandlerContext, versionRoot } from './request.js';

const dayMilliseconds = 24 * 60 * 60 * 1000;

/** A client treats the token as opaque; here it is JSON in base64url. */
export interface DeltaToken {
  /** Which tenant: its id, and when it was made. */
  readonly tenant: string;
  readonly generation: number;
  readonly collection: string;
  /** The `$select` of the first request; absent: the default properties. */
  readonly select?: string | undefined;
  /** The ids of the `$filter` of the first request. */
  readonly ids?: readonly string[] | undefined;
  /** When the token was given out (milliseconds since 1970). */
  readonly issued: number;
  /** The changes after this position are wanted; absent during a first synchronization. */
  readonly from?: number | undefined;
  /** The round this token belongs to ends at this position. Of a token between rounds it is where the next one starts. */
  readonly to: number;
  /** Where the next page starts; absent between rounds. */
  readonly after?: Cursor | undefined;
}

/** Where a page ended: in a first synchronization after an id, else after an item of the list of changes. */
export interface Cursor {
  readonly id?: string;
  readonly index?: number;
  /** The members of the object up to this one were told. */
  readonly member?: string;
}

export function writeToken(token: DeltaToken): string {
  return Buffer.from(JSON.stringify(token), 'utf8').toString('base64url');
}

/** Words: "Duration of change tracking tokens for identity and education resources" (Microsoft 365 developer blog, 2020). */
const expiredWords =
  'The sync state generation is not found. The delta token is expired and data must be synchronized again.';

/**
 * Reads a token of this tenant and collection. Throws 400 for what is none, and what the sandbox is told to answer to one
 * that is too old (`behaviour.deltaExpiredStatus`).
 */
export function readToken(context: HandlerContext, collection: string, text: string): DeltaToken {
  const { store, behaviour } = context;
  const token = parsed(text);
  if (token?.collection !== collection || token.tenant !== store.tenantId) throw badRequest('Badly formed token.');
  const known = token.generation === store.history.generation && token.to <= store.history.position();
  const age = context.clock().getTime() - token.issued;
  if (known && age <= behaviour.deltaExpires * dayMilliseconds) return token;
  if (behaviour.deltaExpiredStatus === 400) throw new GraphError(400, 'syncStateNotFound', expiredWords);
  throw new GraphError(410, 'syncStateNotFound', expiredWords, [], { Location: restartUrl(context, token) });
}

/** Where a client starts again: with what it selected, and an empty token. */
function restartUrl({ request }: HandlerContext, { collection, select }: DeltaToken): string {
  const selected = select === undefined ? '' : `$select=${encodeURIComponent(select)}&`;
  return `${versionRoot(request)}/${collection}/delta?${selected}$deltatoken=`;
}

function parsed(text: string): DeltaToken | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as DeltaToken) : undefined;
  } catch {
    return undefined;
  }
}
