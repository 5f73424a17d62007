/** `GET /auditLogs/directoryAudits`. Source: "List directoryAudits", "Get directoryAudit". */
import type { AuditEvent } from '../audit-events.js';
import { parseAuditFilter } from '../audit-filter.js';
import { GraphError, unsupportedQuery } from '../errors.js';
import { auditPage } from '../quirks/audit.js';
import { pageSize } from '../quirks/limits.js';
import { type GraphAnswer, type GraphRequest, type HandlerContext, versionRoot } from '../request.js';
import { entity } from './read.js';
import { pageOf, picked } from './rows.js';

const context = 'auditLogs/directoryAudits';

export function listAudits({ request, audit, behaviour }: HandlerContext): GraphAnswer {
  const filter = request.query.get('$filter');
  const matches = filter === null ? () => true : parseAuditFilter(filter);
  const events = sorted(request, audit.events().filter(matches));
  const { largestPage } = behaviour;
  const largest = largestPage < pageSize.largest ? largestPage : auditPage;
  const page = pageOf(request, events, { standard: auditPage, largest });
  return {
    status: 200,
    body: { '@odata.context': `${versionRoot(request)}/$metadata#${context}`, ...page },
  };
}

export function getAudit({ request, audit, parameters }: HandlerContext): GraphAnswer {
  const event = audit.events().find(({ id }) => id === parameters.id);
  if (!event) throw new GraphError(404, 'ResourceNotFound', `The audit event '${parameters.id}' was not found.`);
  return { status: 200, body: entity(request, `${context}/$entity`, picked(request, event)) };
}

/** Newest first, unless it is asked otherwise. */
function sorted(request: GraphRequest, events: readonly AuditEvent[]): readonly AuditEvent[] {
  const [name, direction = 'asc', ...more] = (request.query.get('$orderby') ?? 'activityDateTime desc')
    .trim()
    .split(/\s+/);
  if (name !== 'activityDateTime' || more.length > 0 || !/^(asc|desc)$/.test(direction))
    throw unsupportedQuery('The audit log is sorted by activityDateTime alone.');
  const order = direction === 'asc' ? 1 : -1;
  return [...events].sort(
    (one, other) => order * (compare(one.activityDateTime, other.activityDateTime) || numberOf(one) - numberOf(other)),
  );
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** The number at the end of an id grows with the events. */
const numberOf = ({ id }: AuditEvent): number => Number(id.slice(id.lastIndexOf('_') + 1));
