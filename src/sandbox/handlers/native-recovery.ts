/**
 * Microsoft Entra Backup and Recovery, as far as it can be looked at: daily snapshots and the jobs that the switches name.
 * Source: metadata (`microsoft.graph.entraRecoveryServices`), "recovery resource type", "List snapshots", "List jobs".
 */
import { denied, GraphError, unsupportedQuery } from '../errors.js';
import type { NativeJob } from '../native-jobs.js';
import { pageSize } from '../quirks/limits.js';
import {
  type GraphAnswer,
  type Handler,
  type HandlerContext,
  versionRoot,
  wantsUnknownEnumMembers,
} from '../request.js';
import { graphTime } from '../time.js';
import { entity } from './read.js';
import { pageOf, picked } from './rows.js';

const recovery = 'directory/recovery';
const namespace = 'microsoft.graph.entraRecoveryServices';
const dayMilliseconds = 24 * 60 * 60 * 1000;

interface Snapshot {
  readonly id: string;
  readonly createdDateTime: string;
  readonly totalChangedObjects: number;
}

/** One snapshot a day at half past two (UTC), newest first; an id is the time in base64. */
function snapshotsOf({ clock, behaviour }: HandlerContext): Snapshot[] {
  const newest = newestBefore(clock());
  return Array.from({ length: behaviour.nativeSnapshots }, (_, days) => {
    const createdDateTime = graphTime(new Date(newest - days * dayMilliseconds));
    return { id: Buffer.from(createdDateTime).toString('base64'), createdDateTime, totalChangedObjects: 0 };
  });
}

/** When the newest snapshot before a moment was taken. */
function newestBefore(moment: Date): number {
  const atHalfPastTwo = 2.5 * 60 * 60 * 1000;
  return Math.floor((moment.getTime() - atHalfPastTwo) / dayMilliseconds) * dayMilliseconds + atHalfPastTwo;
}

function answerRows<T extends { readonly id: string }>(
  { request, behaviour }: HandlerContext,
  path: string,
  rows: readonly T[],
): GraphAnswer {
  const largest = Math.min(pageSize.largest, behaviour.largestPage);
  const page = pageOf(request, rows, { standard: pageSize.standard, largest });
  return { status: 200, body: { '@odata.context': `${versionRoot(request)}/$metadata#${path}`, ...page } };
}

export function getRecovery({ request }: HandlerContext): GraphAnswer {
  return { status: 200, body: entity(request, `${recovery}/$entity`, { id: 'recovery' }) };
}

export function listSnapshots(context: HandlerContext): GraphAnswer {
  const order = context.request.query.get('$orderby') ?? 'createdDateTime desc';
  if (!/^createdDateTime( asc| desc)?$/.test(order)) throw unsupportedQuery('Sorting not supported for current query.');
  const rows = snapshotsOf(context);
  return answerRows(context, `${recovery}/snapshots`, order.endsWith('desc') ? rows : rows.reverse());
}

function snapshotOf(context: HandlerContext): Snapshot {
  const found = snapshotsOf(context).find(({ id }) => id === context.parameters.id);
  if (found) return found;
  throw new GraphError(
    404,
    'NotFound',
    "This isn't a valid timestamp for recovery. The provided timestamp should be in the list of available backups.",
  );
}

export function getSnapshot(context: HandlerContext): GraphAnswer {
  const { request } = context;
  return { status: 200, body: entity(request, `${recovery}/snapshots/$entity`, picked(request, snapshotOf(context))) };
}

type JobRow = { readonly id: string } & Readonly<Record<string, unknown>>;

function jobRow({ request }: HandlerContext, job: NativeJob): JobRow {
  const { type = 'recoveryJob', id, status } = job;
  // Members of the enumeration that came later are told to those who ask for them.
  const hidden = (status === 'calculating' || status === 'loadingData') && !wantsUnknownEnumMembers(request);
  const row = {
    '@odata.type': `#${namespace}.${type}`,
    id,
    status: hidden ? 'unknownFutureValue' : status,
    targetStateDateTime: job.targetStateDateTime,
    jobStartDateTime: job.jobStartDateTime,
    jobCompletionDateTime: job.jobCompletionDateTime ?? null,
    filteringCriteria: null,
    totalChangedObjectsCalculated: job.totalChangedObjectsCalculated ?? 0,
    totalChangedLinksCalculated: job.totalChangedLinksCalculated ?? 0,
  };
  if (type === 'recoveryPreviewJob') return row;
  const { totalObjectsModified = 0, totalLinksModified = 0, totalFailedChanges = 0 } = job;
  return { ...row, totalObjectsModified, totalLinksModified, totalFailedChanges };
}

/** `$filter` of jobs: one comparison, as documented. */
function jobFilter(filter: string | null): (row: JobRow, job: NativeJob) => boolean {
  if (filter === null) return () => true;
  const [, cast] = new RegExp(`^isof\\('${namespace.replaceAll('.', '\\.')}\\.(\\w+)'\\)$`).exec(filter.trim()) ?? [];
  if (cast !== undefined) return (_, { type = 'recoveryJob' }) => cast === type || cast === 'recoveryJobBase';
  const [, name, operator, quoted, bare] =
    /^(id|status|targetStateDateTime) (eq|ne) (?:'([^']*)'|([\w:.-]+))$/.exec(filter.trim()) ?? [];
  if (name === undefined) throw unsupportedQuery('Unsupported filter of recovery jobs.');
  return (_, job) => (job[name as 'id'] === (quoted ?? bare)) === (operator === 'eq');
}

/** The jobs of changes that change tracking does not tell, newest first; they are shown as long as snapshots are kept. */
function jobsOfChanges({ store, clock, behaviour }: HandlerContext): NativeJob[] {
  const oldest = clock().getTime() - behaviour.nativeSnapshots * dayMilliseconds;
  return store.history.recoveries
    .all()
    .filter(({ ended }) => Date.parse(ended) >= oldest)
    .map(
      ({ id, started, ended, objects, links }): NativeJob => ({
        id,
        status: 'successful',
        targetStateDateTime: graphTime(new Date(newestBefore(new Date(started)))),
        jobStartDateTime: started,
        jobCompletionDateTime: ended,
        totalChangedObjectsCalculated: objects.size,
        totalChangedLinksCalculated: links,
        totalObjectsModified: objects.size,
        totalLinksModified: links,
      }),
    )
    .reverse();
}

/** Jobs of every kind, or of one kind and one snapshot. */
function jobsOf(context: HandlerContext, type?: NativeJob['type']): JobRow[] {
  const matches = jobFilter(context.request.query.get('$filter'));
  const snapshot = type && snapshotOf(context).createdDateTime;
  return [...context.behaviour.nativeJobs, ...jobsOfChanges(context)]
    .filter(
      (job) => type === undefined || ((job.type ?? 'recoveryJob') === type && job.targetStateDateTime === snapshot),
    )
    .map((job) => [jobRow(context, job), job] as const)
    .filter(([row, job]) => matches(row, job))
    .map(([row]) => row);
}

export function listJobs(type?: NativeJob['type']): Handler {
  return (context) => answerRows(context, context.request.segments.join('/'), jobsOf(context, type));
}

export function getJob(type?: NativeJob['type']): Handler {
  return (context) => {
    const { request, parameters } = context;
    const found = jobsOf(context, type).find(({ id }) => id === parameters.jobId);
    if (!found) throw new GraphError(404, 'NotFound', `The job '${parameters.jobId}' was not found.`);
    return { status: 200, body: entity(request, `${recovery}/jobs/$entity`, picked(request, found)) };
  };
}

/** Starting and cancelling jobs takes a person ("Permissions": application: not supported), and callers are applications here. */
export const refuseJob: Handler = () => {
  throw denied();
};
