/**
 * Faults: which requests they strike, and what becomes of an answer. Whether a rule strikes depends on the seed, on the
 * rule's place and on how many requests matched it before, and on nothing else: requests that arrive in another order,
 * or match other rules, change it no more than they must.
 */
import { chance } from './chance.js';
import { GraphError } from './errors.js';
import { effects, type Fault, type FaultRule, faultHeader, meansItems, parseFaultHeader } from './fault-rules.js';
import { failures, pageTokenExpired, pageTokenLost, unknownFailure } from './quirks/failures.js';
import type { IncomingRequest, OutgoingAnswer } from './service.js';
import { isObject } from './validate.js';

export interface Faults {
  /** What happens instead of the request: 400 for a fault header that nobody understands. */
  before(incoming: IncomingRequest): Fault | undefined;
  /** What happens to its answer: at most one fault, and delays. */
  after(incoming: IncomingRequest, answer: OutgoingAnswer): readonly Fault[];
  /** A number that this sandbox gave nobody before. */
  mark(): number;
  /** Takes other rules from now on, and counts from the beginning. */
  replace(rules: readonly FaultRule[]): void;
}

/** Takes the rules in their order: of those that strike at the same moment, the first one counts. */
export function createFaults(rules: readonly FaultRule[], seed: number): Faults {
  let states = statesOf(rules);
  const strikes = (state: State): boolean => {
    const { rate = 1, skip = 0, times = Number.POSITIVE_INFINITY } = state.rule;
    const count = state.seen++;
    if (count < skip || state.struck >= times || chance(seed, `${state.name} ${count}`) >= rate) return false;
    state.struck++;
    return true;
  };
  const striking = (moment: 'before' | 'after', incoming: IncomingRequest, answer?: OutgoingAnswer): Fault[] => {
    const own = fromHeader(incoming);
    if (states.length === 0 && !own) return [];
    const url = readable(incoming.url);
    const ruled = states
      .filter(({ rule, path }) => {
        if (effects[rule.effect] !== moment || (rule.method ?? incoming.method) !== incoming.method) return false;
        if (incoming.batched && !meansItems(rule)) return false;
        return path.test(url) && applies(rule, url, answer);
      })
      .filter(strikes)
      .map(({ rule }) => rule);
    return own && effects[own.effect] === moment && applies(own, url, answer) ? [own, ...ruled] : ruled;
  };
  let marks = 0;
  return {
    mark: () => ++marks,
    replace(next) {
      states = statesOf(next);
    },
    before: (incoming) => striking('before', incoming)[0],
    after(incoming, answer) {
      const all = striking('after', incoming, answer);
      const first = all.find(({ effect }) => effect !== 'delay');
      return all.filter((fault) => fault === first || fault.effect === 'delay');
    },
  };
}

/** A rule, and what it has seen. */
interface State {
  readonly rule: FaultRule;
  readonly name: string;
  readonly path: RegExp;
  seen: number;
  struck: number;
}

function statesOf(rules: readonly FaultRule[]): State[] {
  return rules.map((rule, at) => {
    return { rule, name: `fault ${at}`, path: new RegExp(rule.path ?? ''), seen: 0, struck: 0 };
  });
}

function fromHeader(incoming: IncomingRequest): Fault | undefined {
  const value = incoming.headers[faultHeader];
  if (value === undefined) return undefined;
  const fault = parseFaultHeader(value);
  return typeof fault === 'string' ? { effect: 'status', status: 400, code: 'BadRequest', message: fault } : fault;
}

function readable(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

/** Whether the effect has a meaning for a request, or for its answer: only then it counts as a match. */
function applies({ effect }: Fault, url: string, answer: OutgoingAnswer | undefined): boolean {
  switch (effect) {
    case 'page-token-lost':
    case 'page-token-expired':
      return /[?&]\$skiptoken=/.test(url);
    case 'delta-gone':
      return /[?&]\$deltatoken=(?!latest\b|$|&)/.test(url);
    case 'loop':
    case 'foreign':
      return isObject(answer?.body) && typeof answer.body['@odata.nextLink'] === 'string';
    case 'duplicate':
    case 'missing':
    case 'empty-page':
      return isObject(answer?.body) && Array.isArray(answer.body.value) && answer.body.value.length > 0;
    case 'truncate':
      return answer?.body !== undefined;
    default:
      return true;
  }
}

/** The refusal that a fault means; undefined for a broken connection. */
export function refusalOf(fault: Fault, incoming: IncomingRequest, now: Date): GraphError | undefined {
  const [path = ''] = incoming.url.split('?');
  const error = (status: number, { code, message } = failures[status] ?? unknownFailure, headers = {}) =>
    new GraphError(status, fault.code ?? code, fault.message ?? message.replace('%s', lastId(path)), [], headers);
  switch (fault.effect) {
    case 'status':
      return error(fault.status ?? 500, undefined, { ...retryAfter(fault, now), ...fault.headers });
    case 'page-token-lost':
      return error(400, pageTokenLost);
    case 'page-token-expired':
      return error(400, pageTokenExpired);
    case 'delta-gone':
      return error(410, undefined, { Location: `${incoming.origin}${path}?$deltatoken=` });
    case 'lost':
      return error(504);
    default:
      return undefined;
  }
}

const lastId = (path: string): string => path.split('/').findLast((segment) => /\d/.test(segment)) ?? '';

function retryAfter({ retryAfter: seconds, retryAfterAs = 'seconds' }: Fault, now: Date): Record<string, string> {
  if (seconds === undefined) return {};
  const text = {
    seconds: () => String(Math.ceil(seconds)),
    decimal: () => seconds.toFixed(3),
    date: () => new Date(now.getTime() + Math.ceil(seconds) * 1000).toUTCString(),
  };
  return { 'Retry-After': text[retryAfterAs]() };
}

/** An answer as a fault leaves it. `mark` is a number that no other answer has. */
export function spoiled(answer: OutgoingAnswer, fault: Fault, incoming: IncomingRequest, mark: number): OutgoingAnswer {
  const { effect, delay = 0 } = fault;
  if (effect === 'delay') return { ...answer, wire: { ...answer.wire, delay: (answer.wire?.delay ?? 0) + delay } };
  if (effect === 'reset-after') return { ...answer, wire: { ...answer.wire, cut: 'all' } };
  if (effect === 'truncate') return { ...answer, wire: { ...answer.wire, cut: 'half' } };
  if (!isObject(answer.body)) return answer;
  return { ...answer, body: { ...answer.body, ...spoiledPage(effect, answer.body, incoming, mark) } };
}

/** Members of a page that a fault changes. */
function spoiledPage(
  effect: Fault['effect'],
  body: Readonly<Record<string, unknown>>,
  incoming: IncomingRequest,
  mark: number,
): Record<string, unknown> {
  const value = Array.isArray(body.value) ? (body.value as unknown[]) : [];
  const here = incoming.origin + incoming.url;
  const next = String(body['@odata.nextLink']);
  switch (effect) {
    case 'loop':
      return { '@odata.nextLink': here };
    case 'foreign':
      return { '@odata.nextLink': next.replace(incoming.origin, 'https://graph.example.net') };
    case 'duplicate':
      return { value: [...value, value[0]] };
    case 'missing':
      return { value: value.slice(0, -1) };
    case 'empty-page':
      // An option without a dollar is ignored; it only makes the link another one than that of this page.
      return { value: [], '@odata.nextLink': `${here}${here.includes('?') ? '&' : '?'}page=${mark}` };
    default:
      return {};
  }
}
