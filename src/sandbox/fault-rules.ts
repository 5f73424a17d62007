/** Faults that somebody asks for, in the file of switches or in a request: what a rule says, and whether it is well formed. */
import { all, type Check, mapOf, number, oneOf, pattern, shape, text, whole } from './checks.js';

/** Effects, and when they strike: `before` keeps the request from being done, `after` spoils the answer. */
export const effects = {
  /** Answers `status`, with the documented body. */
  status: 'before',
  /** Breaks the connection; nothing is done. */
  reset: 'before',
  /** 400 `DirectoryPageTokenNotFoundException`, to a request for a following page. */
  'page-token-lost': 'before',
  /** 400 `Directory_ExpiredPageToken`, to a request for a following page. */
  'page-token-expired': 'before',
  /** 410 with a `Location` that starts over, to a request with a delta token. */
  'delta-gone': 'before',
  /** Done, and answered `delay` milliseconds late; other effects still strike. */
  delay: 'after',
  /** Done, and 504 is what is heard of it. */
  lost: 'after',
  /** Done, and the connection breaks instead of an answer. */
  'reset-after': 'after',
  /** Half of the bytes of the answer, whose length says more. */
  truncate: 'after',
  /** The link to the next page leads back to this one. */
  loop: 'after',
  /** The link to the next page leads to another host. */
  foreign: 'after',
  /** The first item of the page is there twice. */
  duplicate: 'after',
  /** The last item of the page is not there. */
  missing: 'after',
  /** An empty page, whose next link leads to the page that was asked for. */
  'empty-page': 'after',
} as const;

export type Effect = keyof typeof effects;

/** Effects on a connection, which all items of a batch share. */
const ofConnection: ReadonlySet<Effect> = new Set(['reset', 'reset-after', 'truncate', 'delay']);

/** Whether a rule is about items of batches: without a path, effects on the connection are about whole batches alone. */
export function meansItems({ effect, path }: FaultRule): boolean {
  return path !== undefined || !ofConnection.has(effect);
}

/** What happens to a request. */
export interface Fault {
  readonly effect: Effect;
  /** For `status`. */
  readonly status?: number;
  /** For `status`: other than what is documented for it. */
  readonly code?: string;
  readonly message?: string;
  /** For `status`: seconds until the request may be repeated; without it there is no `Retry-After`. */
  readonly retryAfter?: number;
  /** How `Retry-After` is written: whole seconds (default), seconds with a fraction, or a date. */
  readonly retryAfterAs?: 'seconds' | 'decimal' | 'date';
  /** For `status`: more headers, as `WWW-Authenticate`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For `delay`: milliseconds. */
  readonly delay?: number;
}

/**
 * Which requests a fault strikes. Items of a batch count one by one (see `meansItems`), and so does the batch that brings
 * them.
 */
export interface FaultRule extends Fault {
  /** Default: every method. */
  readonly method?: string;
  /** Regular expression on the decoded path with version and query: `^/v1.0/users\?`. Default: every path. */
  readonly path?: string;
  /** How probable it is, from 0 to 1; default 1. */
  readonly rate?: number;
  /** How many matching requests pass before the first that may be struck; default 0. */
  readonly skip?: number;
  /** How often the rule strikes in all; default: without end. */
  readonly times?: number;
}

const faultMembers: Readonly<Record<string, Check>> = {
  effect: oneOf(...Object.keys(effects)),
  status: whole(300, 599),
  code: text,
  message: text,
  retryAfter: number(0),
  retryAfterAs: oneOf('seconds', 'decimal', 'date'),
  headers: mapOf(text),
  delay: number(0, 600_000),
};

/** Members that an effect cannot do without, or that have no meaning for others. */
const complete: Check = (value, at) => {
  const { effect, status, delay } = value as Partial<Fault>;
  if (effect === undefined) return `${at} must say its effect: one of ${Object.keys(effects).join(', ')}.`;
  if ((effect === 'status') !== (status !== undefined))
    return `${at}: the effect "status" needs a status, others none.`;
  if ((effect === 'delay') !== (delay !== undefined)) return `${at}: the effect "delay" needs a delay, others none.`;
  return undefined;
};

/** Whether a value is a `Fault`. */
export const checkFault: Check = all(shape(faultMembers), complete);

/** Whether a value is a `FaultRule`. */
export const checkFaultRule: Check = all(
  shape({
    ...faultMembers,
    method: oneOf('GET', 'POST', 'PATCH', 'PUT', 'DELETE'),
    path: pattern,
    rate: number(0, 1),
    skip: whole(0),
    times: whole(1),
  }),
  complete,
);

/** Name of the header by which a request, or an item of a batch, asks for a fault of its own. */
export const faultHeader = 'x-knowngood-fault';

/** Reads the header: an effect (`lost`), a status (`503`), or a fault as JSON. Returns what is wrong as a text. */
export function parseFaultHeader(value: string): Fault | string {
  const words = value.trim();
  let fault: unknown;
  if (/^\d{3}$/.test(words)) fault = { effect: 'status', status: Number(words) };
  else if (!words.startsWith('{')) fault = { effect: words };
  else {
    try {
      fault = JSON.parse(words);
    } catch {
      return `${faultHeader} is neither an effect, nor a status, nor JSON.`;
    }
  }
  return checkFault(fault, faultHeader) ?? (fault as Fault);
}
