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
}

/** One request of many: its answer, or why there is none. */
export type Outcome =
  | { readonly ok: true; readonly answer: GraphAnswer }
  | { readonly ok: false; readonly error: GraphError };

/** A connection to one tenant. Every method may wait: for the network, or because Graph asked to slow down. */
export interface GraphClient {
  /** Origin of Graph: `https://graph.microsoft.com`. Links are followed only there. */
  readonly root: string;
  /** Sends one request and retries what may be retried. Refusals are outcomes, never thrown. */
  send(request: GraphRequest): Promise<Outcome>;
  /** Sends many requests in `$batch` envelopes of 20; outcomes are in the order of the requests. */
  sendAll(requests: readonly GraphRequest[]): Promise<readonly Outcome[]>;
  /** Pages of a collection, to the last. A page that cannot be had ends the iteration by throwing a GraphFailure. */
  pages(request: GraphRequest): AsyncGenerator<readonly Json[]>;
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
