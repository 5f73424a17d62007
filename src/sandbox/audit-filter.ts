/**
 * `$filter` of the audit log: the comparisons its documentation lists, joined by `and`. Source: "List directoryAudits".
 */
import type { AuditEvent } from './audit-events.js';
import { unsupportedQuery } from './errors.js';

type Predicate = (event: AuditEvent) => boolean;
type Read = (event: AuditEvent) => string | null | undefined;

/** What may be compared for being equal, without regard to case; with `starts` also by how it begins. */
const paths: Readonly<Record<string, { readonly read: Read; readonly starts?: true }>> = {
  id: { read: ({ id }) => id },
  category: { read: ({ category }) => category },
  correlationId: { read: ({ correlationId }) => correlationId },
  loggedByService: { read: ({ loggedByService }) => loggedByService },
  activityDisplayName: { read: ({ activityDisplayName }) => activityDisplayName, starts: true },
  'initiatedBy/user/id': { read: ({ initiatedBy }) => initiatedBy.user?.id },
  'initiatedBy/user/displayName': { read: ({ initiatedBy }) => initiatedBy.user?.displayName },
  'initiatedBy/user/userPrincipalName': {
    read: ({ initiatedBy }) => initiatedBy.user?.userPrincipalName,
    starts: true,
  },
  'initiatedBy/app/appId': { read: ({ initiatedBy }) => initiatedBy.app?.appId },
  'initiatedBy/app/displayName': { read: ({ initiatedBy }) => initiatedBy.app?.displayName },
};

const quoted = "'((?:[^']|'')*)'";
const equality = new RegExp(`^([\\w/]+) eq ${quoted}$`);
const beginning = new RegExp(`^startswith\\(([\\w/]+),\\s*${quoted}\\)$`, 'i');
const moment = /^activityDateTime (eq|ge|le) (\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?)$/;
const target = new RegExp(`^targetResources/any\\((\\w+):\\s*\\1/(id|displayName) eq ${quoted}\\)$`, 'i');
const targetStart = new RegExp(
  `^targetResources/any\\((\\w+):\\s*startswith\\(\\1/(displayName),\\s*${quoted}\\)\\)$`,
  'i',
);

/** Reads an expression. Throws 400 for what the audit log does not understand. */
export function parseAuditFilter(expression: string): Predicate {
  const terms = splitAnd(expression).map(parseTerm);
  return (event) => terms.every((term) => term(event));
}

/** The terms between the words `and`; what is within quotes or brackets stays together. */
function splitAnd(expression: string): string[] {
  const terms = [''];
  let depth = 0;
  for (const [piece] of expression.matchAll(/'(?:[^']|'')*'|\s+and\s+|[()]|[^'()\s]+|\s+|'/gi)) {
    if (piece === '(') depth++;
    if (piece === ')') depth--;
    if (depth === 0 && /^\s+and\s+$/i.test(piece)) terms.push('');
    else terms[terms.length - 1] += piece;
  }
  return terms.map((term) => term.trim());
}

function parseTerm(term: string): Predicate {
  const bare = /^\((.*)\)$/s.exec(term);
  if (bare?.[1] !== undefined) return parseAuditFilter(bare[1]);
  const compared = moment.exec(term);
  if (compared) return dated(compared[1] as string, Date.parse(compared[2] as string));
  const [, equalPath, equalTo] = equality.exec(term) ?? [];
  if (equalPath !== undefined) return read(equalPath, unquoted(equalTo), false);
  const [, startPath, start] = beginning.exec(term) ?? [];
  if (startPath !== undefined) return read(startPath, unquoted(start), true);
  const [, , name, value] = target.exec(term) ?? [];
  if (name !== undefined) return anyTarget(name, (found) => found === unquoted(value));
  const [, , startName, startValue] = targetStart.exec(term) ?? [];
  if (startName !== undefined) return anyTarget(startName, (found) => found.startsWith(unquoted(startValue)));
  throw unsupported(term);
}

const unquoted = (text = ''): string => text.replaceAll("''", "'").toLowerCase();

function read(path: string, value: string, starts: boolean): Predicate {
  const known = Object.hasOwn(paths, path) ? paths[path] : undefined;
  if (!known || (starts && !known.starts)) throw unsupported(path);
  return (event) => {
    const found = known.read(event)?.toLowerCase();
    return starts ? found?.startsWith(value) === true : found === value;
  };
}

function dated(operator: string, at: number): Predicate {
  return ({ activityDateTime }) => {
    const found = Date.parse(activityDateTime);
    if (operator === 'eq') return found === at;
    return operator === 'ge' ? found >= at : found <= at;
  };
}

function anyTarget(name: string, holds: (value: string) => boolean): Predicate {
  const property = name.toLowerCase() === 'id' ? 'id' : 'displayName';
  return ({ targetResources }) => targetResources.some((each) => holds((each[property] ?? '').toLowerCase()));
}

const unsupported = (term: string) => unsupportedQuery(`Unsupported filter in the audit log: '${term}'.`);
