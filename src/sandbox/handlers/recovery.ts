/**
 * The lists of Microsoft Entra Backup and Recovery. Source: "entraRecoveryServices" pages of Microsoft Graph v1.0 ("List
 * snapshots", "List recovery jobs", "recoveryJob resource type").
 */
import { badRequest, GraphError, malformed } from '../errors.js';
import { pageSize } from '../quirks/limits.js';
import { recoveryDays } from '../quirks/recovery.js';
import type { RecoveryJob } from '../recovery-jobs.js';
import { type GraphAnswer, type HandlerContext, versionRoot } from '../request.js';
import { graphTime } from '../time.js';

type Json = Readonly<Record<string, unknown>>;

const dayMilliseconds = 24 * 60 * 60 * 1000;
const recovery = 'directory/recovery';
const jobType = '#microsoft.graph.entraRecoveryServices.recoveryJob';

/** `GET /directory/recovery/snapshots`: one backup a day, newest first. */
export function listSnapshots(context: HandlerContext): GraphAnswer {
  return answerAll(context, `${recovery}/snapshots`, snapshotTimes(context.clock()).map(snapshotAt));
}

/** `GET /directory/recovery/snapshots/{id}`. */
export function getSnapshot(context: HandlerContext): GraphAnswer {
  const time = snapshotTimes(context.clock()).find((each) => snapshotId(each) === context.parameters.id);
  if (time === undefined)
    throw new GraphError(
      404,
      'NotFound',
      "This isn't a valid timestamp for recovery. The provided timestamp should be in the list of available backups.",
    );
  return answerOne(context, `${recovery}/snapshots/$entity`, snapshotAt(time));
}

/** `GET /directory/recovery/jobs`: those of the last days, newest first. */
export function listJobs(context: HandlerContext): GraphAnswer {
  return answerAll(context, `${recovery}/jobs`, jobsOf(context).filter(matcher(context)));
}

/** `GET /directory/recovery/jobs/{id}`. */
export function getJob(context: HandlerContext): GraphAnswer {
  const job = jobsOf(context).find((each) => each.id === context.parameters.id?.toLowerCase());
  if (job === undefined) throw new GraphError(404, 'NotFound', `The job '${context.parameters.id}' does not exist.`);
  return answerOne(context, `${recovery}/jobs/$entity`, job);
}

/** `POST` of a preview or a recovery: no application may ("Create recoveryJob": delegated permissions only). */
export function startJob(): GraphAnswer {
  throw new GraphError(403, 'Forbidden', 'Authorization has been denied for this request. Check your credentials.');
}

/** Backups are taken once a day and kept for some days. */
function snapshotTimes(now: Date): string[] {
  const last = new Date(now);
  last.setUTCHours(recoveryDays.hour, 30, 0, 0);
  if (last > now) last.setUTCDate(last.getUTCDate() - 1);
  return Array.from({ length: recoveryDays.kept }, (_, days) =>
    graphTime(new Date(last.getTime() - days * dayMilliseconds)),
  );
}

/** The id of a backup is its time in base64 (observed in Microsoft's examples). */
const snapshotId = (time: string): string => Buffer.from(time, 'utf8').toString('base64');

const snapshotAt = (time: string): Json => ({ id: snapshotId(time), createdDateTime: time, totalChangedObjects: null });

function jobsOf(context: HandlerContext): Json[] {
  const oldest = context.clock().getTime() - recoveryDays.kept * dayMilliseconds;
  const jobs = context.store.history.recoveries.all().filter((job) => Date.parse(job.ended) >= oldest);
  return jobs.map(viewOfJob).reverse();
}

function viewOfJob({ id, started, ended, objects, links }: RecoveryJob): Json {
  return {
    '@odata.type': jobType,
    id,
    status: 'successful',
    targetStateDateTime: snapshotTimes(new Date(started))[0],
    jobStartDateTime: started,
    jobCompletionDateTime: ended,
    filteringCriteria: null,
    totalChangedObjectsCalculated: objects.size,
    totalChangedLinksCalculated: links,
    totalObjectsModified: objects.size,
    totalLinksModified: links,
    totalFailedChanges: 0,
  };
}

/** What `$filter` asks of jobs: their type, or one property. Throws 400 for anything else. */
function matcher({ request }: HandlerContext): (job: Json) => boolean {
  const filter = request.query.get('$filter');
  if (filter === null) return () => true;
  const type = /^isof\('microsoft\.graph\.entraRecoveryServices\.(\w+)'\)$/.exec(filter.trim())?.[1];
  if (type) return (job) => job['@odata.type'] === `#microsoft.graph.entraRecoveryServices.${type}`;
  const [, name = '', operator, value] =
    /^(id|status|targetStateDateTime) (eq|ne) '?([^']*)'?$/.exec(filter.trim()) ?? [];
  if (operator === undefined) throw badRequest('The sandbox does not support this $filter of jobs.');
  return (job) => (job[name] === value) === (operator === 'eq');
}

const options = new Set(['$select', '$top', '$filter', '$orderby', '$skip', '$format']);

/** A list with `$select`, `$top` and `$skip`; it is in the order of time, and `$orderby` may turn it round. */
function answerAll({ request }: HandlerContext, path: string, all: readonly Json[]): GraphAnswer {
  const { query } = request;
  for (const name of query.keys())
    if (name.startsWith('$') && !options.has(name)) throw malformed(`The query parameter '${name}' is not supported.`);
  const ordered = / asc$|^\w+$/.test(query.get('$orderby') ?? '') ? [...all].reverse() : all;
  const skip = Number(query.get('$skip') ?? 0);
  const top = Math.min(Number(query.get('$top') ?? pageSize.standard), pageSize.largest);
  const next = new URLSearchParams([...query].filter(([name]) => name !== '$skip'));
  next.set('$skip', String(skip + top));
  return {
    status: 200,
    body: {
      '@odata.context': `${versionRoot(request)}/$metadata#${path}`,
      ...(skip + top < ordered.length ? { '@odata.nextLink': `${versionRoot(request)}/${path}?${next}` } : {}),
      value: ordered.slice(skip, skip + top).map((item) => selected(query, item)),
    },
  };
}

function answerOne({ request }: HandlerContext, path: string, item: Json): GraphAnswer {
  const context = `${versionRoot(request)}/$metadata#${path}`;
  return { status: 200, body: { '@odata.context': context, ...selected(request.query, item) } };
}

function selected(query: URLSearchParams, item: Json): Json {
  const names = query
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());
  if (names === undefined) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => name === '@odata.type' || names.includes(name)));
}
