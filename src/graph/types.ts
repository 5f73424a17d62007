/** Requests to and answers from Microsoft Graph, as data. */

import type { Json } from '../model/json.js';
import type { Version } from '../registry/types.js';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface GraphRequest {
  readonly method: Method;
  readonly version: Version;
  /** Path below the version, with its query: `/users?$select=id`. */
  readonly path: string;
  readonly body?: Json;
}

export interface GraphAnswer {
  readonly status: number;
  readonly body: Json | undefined;
}

/** Graph's refusal of one request, or the failure to get an answer at all (`status` 0). */
export interface GraphError {
  readonly status: number;
  /** Graph's error code, or the network error's. */
  readonly code: string;
  readonly message: string;
  /** `request-id` of the answer: what Microsoft's support asks for. */
  readonly requestId?: string;
  /** Graph asks for a token that satisfies more claims, for example after a policy changed. */
  readonly claimsChallenge?: true;
}

/**
 * Resolves to a bearer token. `again`: this one was refused, perhaps because other claims are asked for (JSON text); who has
 * no other one resolves to the same. Rejects when there is none: a Failure is shown as it is if nothing was done yet.
 */
export type TokenSource = (again?: { readonly refused: string; readonly claims?: string }) => Promise<string>;

/** One request of many: its answer, or why there is none. */
export type Outcome =
  | {
      readonly ok: true;
      readonly answer: GraphAnswer;
      /** It was sent more than once: what it says of a next page is not to be relied on. */
      readonly retried?: true;
    }
  | { readonly ok: false; readonly error: GraphError };

/** What is left of Graph's limit on writes, as far as we know. */
export interface WriteBudget {
  /** Writes that would be accepted at once. */
  readonly available: number;
  readonly perSecond: number;
  /** How many times as fast as the real clock these seconds pass: 1, but for a sandbox that runs faster. */
  readonly speed: number;
  /** The part spent of all that could have been spent since the first write. */
  readonly used: number;
}

/** A connection to one tenant. Every method may wait: for the network, or because Graph asked to slow down. */
export interface GraphClient {
  /** Origin of Graph: `https://graph.microsoft.com`. Links are followed only there. */
  readonly root: string;
  /** Sends one request and retries what may be retried. Refusals are outcomes, never thrown. */
  send(request: GraphRequest): Promise<Outcome>;
  /** Sends many requests in `$batch` envelopes of 20; outcomes are in the order of the requests. */
  sendAll(requests: readonly GraphRequest[]): Promise<readonly Outcome[]>;
  /**
   * Pages of a collection, to the last. A page that cannot be had ends the iteration by throwing a GraphFailure. Graph may
   * forget where it was: `anew` is called then, and what came so far comes again.
   */
  pages(request: GraphRequest, anew?: () => void): AsyncGenerator<readonly Json[]>;
  /** What is left of the limit on writes; undefined when nothing limits them. */
  writeBudget?(): WriteBudget | undefined;
}

/** Thrown where a collection cannot be read to its end. */
export class GraphFailure extends Error {
  readonly error: GraphError;

  constructor(error: GraphError) {
    super(describeError(error));
    this.name = 'GraphFailure';
    this.error = error;
  }
}

/** A refusal in one line: `403 Authorization_RequestDenied: Insufficient privileges to complete the operation.` */
export function describeError(error: GraphError): string {
  const status = error.status === 0 ? 'no answer' : String(error.status);
  return `${status} ${error.code}${error.message === '' ? '' : `: ${error.message}`}`;
}
