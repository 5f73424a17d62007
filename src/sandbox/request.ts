/** What a handler gets and what it gives back. */
import type { Audit } from './audit.js';
import type { Behaviour } from './behaviour.js';
import type { ChangeRecord, Store } from './store.js';

/** One request as a handler sees it; items of a batch look the same as requests of their own. */
export interface GraphRequest {
  readonly method: string;
  readonly version: 'v1.0' | 'beta';
  /** Scheme and host the client used, for links: `https://localhost:8443`. */
  readonly origin: string;
  /** Decoded path segments after the version. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The parsed body, or undefined when there is none. */
  readonly body: unknown;
  /** The text of the bearer token. It decides what the caller may do, and goes nowhere else. */
  readonly token: string;
}

/** What a handler may use. */
export interface HandlerContext {
  readonly store: Store;
  readonly request: GraphRequest;
  /** Values of the `:name` segments of the route. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly clock: () => Date;
  readonly random: () => number;
  readonly behaviour: Behaviour;
  readonly audit: Audit;
  /** Makes a change: in the tenant at once, in the log before the answer is sent. */
  commit(record: ChangeRecord): void;
}

export interface GraphAnswer {
  readonly status: number;
  /** An object becomes JSON, a string plain text. */
  readonly body?: unknown;
  /** Headers besides those every answer has. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler = (context: HandlerContext) => GraphAnswer;

/** Whether the request asks for the advanced query capabilities. Source: "Advanced query capabilities on directory objects". */
export function isEventual(request: GraphRequest): boolean {
  return request.headers.consistencylevel?.toLowerCase() === 'eventual';
}

/** Whether the request wants enum members that were added later by their names. Source: "Handling future members in
 * evolvable enumerations". */
export function wantsUnknownEnumMembers(request: GraphRequest): boolean {
  return /(?:^|[,;]\s*)include-unknown-enum-members\b/i.test(request.headers.prefer ?? '');
}

/** `https://host/v1.0`: what links and contexts start with. */
export function versionRoot(request: GraphRequest): string {
  return `${request.origin}/${request.version}`;
}
